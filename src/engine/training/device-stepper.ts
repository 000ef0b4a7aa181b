import * as tf from '../tf.ts';
import { createBatchFeed } from './batch-feed.ts';
import { toDevice } from './device-batch.ts';
import type { HeadShape } from './head-shape.ts';
import { createJudge } from './judge.ts';
import { gradientsOf } from './network.ts';
import { initialOptimizerState, type OptimizerState, optimizerStep, tensorsOf } from './optimizer.ts';
import { optimizerRates } from './optimizer-rates.ts';
import { kernelMask, type Parameters, readParameters, toParameters } from './parameters.ts';
import { openRowSource } from './row-source.ts';
import { learningRateAt } from './schedule.ts';
import type { Stepper, StepperInput } from './stepper.ts';

/** Everything a step replaces. */
type Moving = {
  readonly optimizer: OptimizerState;
  /** float32 [2], see `gradientsOf`. */
  readonly sums: tf.Tensor1D;
};

/** Trains with tfjs operations, on whatever backend is in use. */
export function createDeviceStepper({
  features,
  train,
  judge: judgeRows,
  shape,
  settings,
  teaching = null,
  rateAt,
  start,
}: StepperInput): Stepper {
  const source = openRowSource(features);
  const feed = createBatchFeed(train, shape, settings, teaching);
  const judge = createJudge(source, judgeRows, shape);
  const decay = l2Decay(shape, settings.l2);
  const stepCount = feed.batchCount * settings.epochs;
  const first = initialOptimizerState(toParameters(start), settings.optimizer);
  let moving: Moving = { optimizer: first, sums: tf.zeros([2]) };
  let kept: Parameters | null = null;
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
  const dropKept = () => {
    if (kept !== null) tf.dispose([kept.kernel, kept.rest]);
  };

  return {
    batchCount: feed.batchCount,
    startEpoch: () => {
      feed.startEpoch();
      epochFirstStep = stepIndex;
      countedRows = 0;
    },
    step: (batchIndex) => {
      learningRate = rateAt?.(stepIndex) ?? learningRateAt(stepIndex, stepCount, settings);
      const next = tf.tidy(() => {
        const batch = feed.batch(batchIndex);
        countedRows += batch.countedRows;
        const gradients = gradientsOf(parameters(), shape, toDevice(batch, source, shape));
        const rates = optimizerRates(settings.optimizer, learningRate, stepIndex + 1);
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
    keepWeights: () => {
      dropKept();
      const { kernel, rest } = parameters();
      // A clone shares the memory of its original: weights are replaced in training, never written to.
      kept = { kernel: tf.clone(kernel), rest: tf.clone(rest) };
    },
    readKept: () => readParameters(kept ?? parameters(), shape),
    dispose: () => {
      judge.dispose();
      source.dispose();
      dropKept();
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
export function l2Decay(shape: HeadShape, l2: number): { readonly kernel: number; readonly rest: tf.Tensor1D } | null {
  if (l2 === 0) return null;
  return { kernel: 2 * l2, rest: tf.tensor1d(kernelMask(shape).map((isKernel) => isKernel * 2 * l2)) };
}
