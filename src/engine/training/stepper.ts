import type { Part } from '../../domain/dataset.ts';
import type { HeadWeights } from '../../domain/head.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';
import type { Teaching } from '../../domain/teaching.ts';
import * as tf from '../tf.ts';
import { createDeviceStepper } from './device-stepper.ts';
import type { Features } from './features.ts';
import type { HeadShape } from './head-shape.ts';
import type { Judgement } from './judgement.ts';
import { compileHeadKernels } from './kernels/head-kernels.ts';
import { createKernelStepper } from './kernels/kernel-stepper.ts';
import type { PartRows } from './rows-by-part.ts';

/** What one epoch gave, after its only read-back. */
export interface EpochResult {
  /** Running mean over the epoch, with dropout on. */
  readonly trainLoss: number;
  readonly trainAccuracyRatio: number;
  /** Training rows the two figures above are from. */
  readonly countedRows: number;
  /** False once a weight is NaN or infinite. The loss alone does not tell: relu may turn NaN into 0. */
  readonly weightsFinite: boolean;
  readonly judged: Judgement;
  readonly judgedPart: Part;
  /** Of the last step. */
  readonly learningRate: number;
}

/** Weights, optimiser and data of a run, moved on step by step. `dispose` frees them all. */
export interface Stepper {
  readonly batchCount: number;
  startEpoch(): void;
  step(batchIndex: number): void;
  /** Judges the weights and reads the epoch's figures back. */
  finishEpoch(): Promise<EpochResult>;
  /** Remembers the present weights, in place of those remembered before. */
  keepWeights(): void;
  /** The weights remembered last. */
  readKept(): Promise<HeadWeights>;
  dispose(): void;
}

/** What a stepper works on. Borrowed. */
export interface StepperInput {
  readonly features: Features;
  readonly train: PartRows;
  readonly judge: PartRows;
  readonly shape: HeadShape;
  readonly settings: ResolvedSettings;
  /** The learning rate of every step, instead of the schedule in `settings`. */
  readonly rateAt?: (stepIndex: number) => number;
  /** What a teacher says of every image; none when absent. */
  readonly teaching?: Teaching | null;
  /** The weights before the first step, of this shape. */
  readonly start: HeadWeights;
}

/**
 * Where the processor computes anyway, our own kernels do a step in a third of the time that tfjs takes there; on a
 * graphics device, and in a browser without WebAssembly vectors, it is tfjs.
 */
export function createStepper(input: StepperInput): Stepper {
  const kernels = tf.getBackend() === 'wasm' ? compileHeadKernels(input.settings.optimizer) : null;
  return kernels === null ? createDeviceStepper(input) : createKernelStepper(kernels, input);
}
