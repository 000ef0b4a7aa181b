import type { HeadWeights } from '../../domain/head.ts';
import type { EpochRecord } from '../../domain/run.ts';
import type { TrainOutput } from '../contract.ts';
import { predictProbabilities } from '../head.ts';
import * as tf from '../tf.ts';
import { type TrainOptions, trainHead } from '../train.ts';
import { type Judgement, judgementOfProbabilities } from '../training/judgement.ts';
import { copyRows } from '../training/row-source.ts';
import { type PartRows, rowsToTrainOn } from '../training/rows-by-part.ts';
import { fitLogistic, LOGISTIC_MAX_ITERATIONS } from './logistic.ts';
import { fitNeighbours } from './neighbours-head.ts';
import { fitPrototypes } from './prototypes.ts';

/**
 * Trains the head that the settings name. What is fitted in one go tells of itself as a network does: an epoch is a step
 * of the solver over all images, or the whole of it for class averages and neighbours.
 *
 * @throws as `trainHead` does.
 */
export async function trainAnyHead(options: TrainOptions): Promise<TrainOutput> {
  switch (options.settings.head) {
    case 'network':
      return trainHead(options);
    case 'logistic':
      return trainLogistic(options);
    case 'prototypes':
      return trainPrototypes(options);
    case 'neighbours':
      return trainNeighbours(options);
    default:
      return options.settings.head satisfies never;
  }
}

async function trainLogistic(options: TrainOptions): Promise<TrainOutput> {
  const { features, classCount, settings, signal, stopRequested, yieldToEvents } = options;
  const parts = rowsToTrainOn(options.rows, options.viewCount);
  const tell = reporter(options, parts, LOGISTIC_MAX_ITERATIONS);
  let lastIndex = 0;
  const { head, ended, converged } = await fitLogistic({
    features,
    train: parts.train,
    classCount,
    settings,
    onStep: async (step) => {
      lastIndex = step.iterationIndex;
      await tell(step.iterationIndex, step.head);
      await yieldToEvents();
      signal.throwIfAborted();
      return stopRequested();
    },
  });
  return {
    end: solverEnd(ended, converged),
    bestEpochIndex: lastIndex,
    head,
    elapsedMs: tell.elapsedMs(),
    tuned: null,
    guard: null,
  };
}

function solverEnd(ended: boolean, converged: boolean): TrainOutput['end'] {
  if (converged) return 'converged';
  return ended ? 'stopped-by-user' : 'step-limit';
}

async function trainPrototypes(options: TrainOptions): Promise<TrainOutput> {
  const { features, classCount, signal } = options;
  signal.throwIfAborted();
  const parts = rowsToTrainOn(options.rows, options.viewCount);
  const tell = reporter(options, parts, 1);
  const { rowIndices, classIndices } = parts.train;
  const { head } = fitPrototypes(features, rowIndices, classIndices, classCount);
  await tell(0, head);
  return { end: 'all-epochs', bestEpochIndex: 0, head, elapsedMs: tell.elapsedMs(), tuned: null, guard: null };
}

/** Training images find themselves, so figures on them are of each without itself. */
async function trainNeighbours(options: TrainOptions): Promise<TrainOutput> {
  const { features, classCount, signal, viewCount = 0, rows, settings, yieldToEvents } = options;
  signal.throwIfAborted();
  const parts = rowsToTrainOn(rows, viewCount);
  const tell = reporter(options, parts, 1);
  const { rowIndices, classIndices } = parts.train;
  const imageCount = rowIndices.length / (viewCount + 1);
  const { head, judged, leaveOneOut } = await fitNeighbours({
    features,
    rowIndices,
    classIndices,
    images: Array.from(rowIndices, (_, position) => rows.hashes[rowIndices[position % imageCount] ?? 0] ?? ''),
    classCount,
    classWeights: settings.classWeights,
    seed: settings.seed,
    pause: async () => {
      await yieldToEvents();
      signal.throwIfAborted();
    },
  });
  const judgedClasses = judged.map((position) => classIndices[position] ?? 0);
  await tell(0, head, judged.length === 0 ? null : judgementOfProbabilities(leaveOneOut, judgedClasses, classCount));
  return { end: 'all-epochs', bestEpochIndex: 0, head, elapsedMs: tell.elapsedMs(), tuned: null, guard: null };
}

/** Judges a head on both parts, or on the held-out one where the other is known, and emits what an epoch of a network would. */
function reporter(
  { features, classCount, emit, now }: TrainOptions,
  { train, judge }: { readonly train: PartRows; readonly judge: PartRows },
  epochCount: number,
) {
  const startedMs = now();
  const judgePart = async (part: PartRows, head: HeadWeights) =>
    judgementOfProbabilities(await predictRows(features, part.rowIndices, head), part.classIndices, classCount);
  const tell = async (epochIndex: number, head: HeadWeights, onTraining: Judgement | null = null): Promise<void> => {
    const own = onTraining ?? (await judgePart(train, head));
    const held = judge === train ? own : await judgePart(judge, head);
    const hasValidation = judge.part === 'validation';
    const elapsedMs = now() - startedMs;
    const epoch: EpochRecord = {
      epochIndex,
      trainLoss: own.loss,
      trainAccuracyRatio: own.accuracyRatio,
      validationLoss: hasValidation ? held.loss : null,
      validationAccuracyRatio: hasValidation ? held.accuracyRatio : null,
      recallRatios: hasValidation ? held.recallRatios : held.recallRatios.map(() => Number.NaN),
      // Nothing here has a rate: the solver finds its own steps.
      learningRate: 0,
      elapsedMs,
      phase: 'head',
    };
    const imagesPerSecond = ((epochIndex + 1) * train.rowIndices.length) / Math.max(elapsedMs / 1000, Number.EPSILON);
    emit({ epoch, epochCount, confusion: held.confusion, confusionPart: judge.part, imagesPerSecond });
  };
  return Object.assign(tell, { elapsedMs: () => now() - startedMs });
}

async function predictRows(
  features: TrainOptions['features'],
  rowIndices: Int32Array,
  head: HeadWeights,
): Promise<Float32Array> {
  const { featureLength } = features;
  const values = new Float32Array(rowIndices.length * featureLength);
  copyRows(features, rowIndices, values, featureLength);
  const rows = tf.tensor2d(values, [rowIndices.length, featureLength]);
  try {
    return await predictProbabilities(rows, head);
  } finally {
    rows.dispose();
  }
}
