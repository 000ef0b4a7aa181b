import type { Part } from '../../domain/dataset.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';
import * as tf from '../tf.ts';
import { createBatchFeed } from './batch-feed.ts';
import { createJudge, type Judgement } from './judge.ts';
import { gradientsOf } from './network.ts';
import { initialOptimizerState, type OptimizerState, optimizerStep, tensorsOf } from './optimizer.ts';
import { type HeadShape, initialParameters, kernelMask, type Parameters } from './parameters.ts';
import type { RowSource } from './row-source.ts';
import type { PartRows } from './rows-by-part.ts';
import { learningRateAt } from './schedule.ts';

/** What one epoch gave, after its only read-back. */
export interface EpochResult {
  /** Running mean over the epoch, with dropout on. */
  readonly trainLoss: number;
  readonly trainAccuracyRatio: number;
  /** Training rows the two figures above are from. */
  readonly countedRows: number;
  /** False once a weight is NaN or infinite. The loss alone does not tell: relu on wasm turns NaN into 0. */
  readonly weightsFinite: boolean;
  readonly judged: Judgement;
  readonly judgedPart: Part;
  /** Of the last step. */
  readonly learningRate: number;
}

/** Weights, optimiser and data of a run on the device, moved on step by step. `dispose` frees them all. */
export interface Stepper {
  readonly batchCount: number;
  startEpoch(): void;
  step(batchIndex: number): void;
  /** Judges the weights and reads the epoch's figures back. */
  finishEpoch(): Promise<EpochResult>;
  /** Current weights. Borrowed until the next step. */
  parameters(): Parameters;
  dispose(): void;
}

/** Everything a step replaces. */
type Moving = {
  readonly optimizer: OptimizerState;
  /** float32 [2], see `gradientsOf`. */
  readonly sums: tf.Tensor1D;
};

export function createStepper(
  source: RowSource,
  train: PartRows,
  judgeRows: PartRows,
  shape: HeadShape,
  settings: ResolvedSettings,
): Stepper {
  const feed = createBatchFeed(source, train, shape, settings);
  const judge = createJudge(source, judgeRows, shape);
  const decay = l2Decay(shape, settings.l2);
  const stepCount = feed.batchCount * settings.epochs;
  const first = initialOptimizerState(initialParameters(shape, settings.seed), settings.optimizer);
  let moving: Moving = { optimizer: first, sums: tf.zeros([2]) };
  let stepIndex = 0;
  let epochFirstStep = 0;
  let countedRows = 0;
  let learningRate = 0;

  const parameters = (): Parameters => ({
    kernel: moving.optimizer.kernel.weight,
    rest: moving.optimizer.rest.weight,
  });
  const replace = (next: Moving): void => {
    tf.dispose([...tensorsOf(moving.optimizer), moving.sums]);
    moving = next;
  };

  return {
    batchCount: feed.batchCount,
    parameters,
    startEpoch: () => {
      feed.startEpoch();
      epochFirstStep = stepIndex;
      countedRows = 0;
    },
    step: (batchIndex) => {
      learningRate = learningRateAt(stepIndex, stepCount, settings);
      const next = tf.tidy(() => {
        const batch = feed.batch(batchIndex);
        countedRows += batch.countedRows;
        const gradients = gradientsOf(parameters(), shape, batch);
        const rates = { learningRate, stepNumber: stepIndex + 1 };
        const optimizer = optimizerStep(moving.optimizer, gradients, settings.optimizer, decay, rates);
        const isFirst = stepIndex === epochFirstStep;
        return { optimizer, sums: isFirst ? gradients.sums : tf.add<tf.Tensor1D>(moving.sums, gradients.sums) };
      });
      replace(next);
      stepIndex += 1;
    },
    finishEpoch: async () => {
      const measured = tf.tidy(() => tf.concat1d([moving.sums, weightSum(parameters()), judge.measure(parameters())]));
      const values = await measured.data<'float32'>().finally(() => measured.dispose());
      return {
        trainLoss: (values[0] ?? Number.NaN) / countedRows,
        trainAccuracyRatio: (values[1] ?? 0) / countedRows,
        countedRows,
        weightsFinite: Number.isFinite(values[2]),
        judged: judge.read(values.subarray(3)),
        judgedPart: judgeRows.part,
        learningRate,
      };
    },
    dispose: () => {
      judge.dispose();
      tf.dispose([...tensorsOf(moving.optimizer), moving.sums]);
      if (decay !== null) decay.rest.dispose();
    },
  };
}

/** float32 [1]; NaN or infinite when any weight is. */
function weightSum({ kernel, rest }: Parameters): tf.Tensor1D {
  return tf.reshape(tf.add(tf.sum(kernel), tf.sum(rest)), [1]);
}

/** The penalty is l2 times the sum of squared kernel weights, as in Keras; its gradient is twice l2 per weight. */
function l2Decay(shape: HeadShape, l2: number): { readonly kernel: number; readonly rest: tf.Tensor1D } | null {
  if (l2 === 0) return null;
  return { kernel: 2 * l2, rest: tf.tensor1d(kernelMask(shape).map((isKernel) => isKernel * 2 * l2)) };
}
