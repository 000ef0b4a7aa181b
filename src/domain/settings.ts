/** Filled by its table; see `SETTINGS`. Placeholder types shared by all rooms. */
export type OptimizerName = 'adam' | 'sgd' | 'rmsprop';
export type ClassWeighting = 'none' | 'balanced';

/** Settings as the user left them; `auto` follows the data. */
export interface TrainingSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimizer: OptimizerName;
  readonly hiddenUnits: number | 'auto';
  readonly dropout: number;
  readonly l2: number;
  readonly labelSmoothing: number | 'auto';
  readonly classWeights: ClassWeighting | 'auto';
  /** Share of all steps with rising rate, 0-1. */
  readonly warmupRatio: number;
  readonly cosineDecay: boolean;
  /** Epochs without a better validation loss before stopping; 0 turns early stopping off. */
  readonly patience: number;
  readonly seed: number;
}

/** Settings with every `auto` decided. */
export interface ResolvedSettings extends TrainingSettings {
  readonly hiddenUnits: number;
  readonly labelSmoothing: number;
  readonly classWeights: ClassWeighting;
}
