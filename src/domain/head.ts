import type { StoredNumbers } from './stored-numbers.ts';

/** One dense layer. */
export interface DenseWeights {
  /** float32 [inputLength, outputLength], row major. */
  readonly kernel: Float32Array;
  /** float32 [outputLength]. */
  readonly bias: Float32Array;
  readonly inputLength: number;
  readonly outputLength: number;
  /** Linear only where probabilities go in and are added up. */
  readonly activation: 'relu' | 'softmax' | 'linear';
  /** How a file keeps the kernel; as float32 when absent. */
  readonly stored?: StoredNumbers | undefined;
}

/**
 * A trained head as plain data: dense layers from feature to class probabilities. The last one is a softmax, or behind a
 * softmax it only adds up: see `holdsNeighbours`.
 */
export interface HeadWeights {
  readonly layers: readonly DenseWeights[];
}

/** Size of its weights as float32, bytes. */
export function headBytes({ layers }: HeadWeights): number {
  return layers.reduce((sum, { kernel, bias }) => sum + kernel.byteLength + bias.byteLength, 0);
}
