import { randomStream, shuffledIndices } from '../../domain/random.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';
import type { Teaching } from '../../domain/teaching.ts';
import { type DropoutDraw, openDropout } from './dropout.ts';
import type { HeadShape } from './head-shape.ts';
import { classWeightsOf, oneHotRows } from './labels.ts';
import { blendLabels, drawMixup, type Mixup } from './mixup.ts';
import type { PartRows } from './rows-by-part.ts';
import { createTeacherFeed, type SharedTargets, type SoftTargets } from './soft-targets.ts';

/** One step's input, as plain data. */
export interface Batch {
  /** Positions in the features, [batchSize]. */
  readonly rowIndices: Int32Array;
  /** [batchSize]; of a blended row the class with the larger share. */
  readonly classIndices: Int32Array;
  /** What the rows are blended with before dropout; null when they are not. */
  readonly mixup: Mixup | null;
  /** Dropout of the features, [batchSize * featureLength], and of every hidden layer, [batchSize * its units]. */
  readonly inputDropout: DropoutDraw | null;
  readonly hiddenDropouts: readonly (DropoutDraw | null)[];
  /** Class weight over batch size, float32 [batchSize]. */
  readonly weights: Float32Array;
  /** Smoothed labels times the row's weight, float32 [batchSize * classCount]. */
  readonly targets: Float32Array;
  /** What a teacher says of the rows; null without one. */
  readonly soft: SoftTargets | null;
  /** So many rows from the first on count in the scores. */
  readonly countedRows: number;
}

/** Random numbers of the dropout of the first and the second hidden layer. */
const HIDDEN_STREAMS = ['hidden-dropout', 'second-hidden-dropout'] as const;

/** Cuts the training rows into batches of one constant size, in a new order every epoch. */
export interface BatchFeed {
  readonly batchCount: number;
  readonly batchSize: number;
  /** Draws the order of the next epoch. */
  startEpoch(): void;
  batch(batchIndex: number): Batch;
}

/**
 * The last batch is filled up from the start of the epoch's order: these rows are learnt from like the others, so that
 * every step weighs the same, but are counted only once in the scores.
 */
export function createBatchFeed(
  train: PartRows,
  shape: HeadShape,
  settings: ResolvedSettings,
  teaching: Teaching | null = null,
): BatchFeed {
  const { classCount, featureLength, hiddenUnits } = shape;
  const rowCount = train.rowIndices.length;
  const batchSize = Math.min(settings.batchSize, rowCount);
  const classWeights = classWeightsOf(train.classIndices, classCount, settings.classWeights);
  const shuffleRandom = randomStream(settings.seed, 'shuffle');
  const inputDropout = openDropout(settings.dropout, randomStream(settings.seed, 'input-dropout'));
  const hiddenDropouts = HIDDEN_STREAMS.map((name) => openDropout(settings.dropout, randomStream(settings.seed, name)));
  const weightOf = (classIndex: number) => classWeights[classIndex] ?? 1;
  const mixupRandom = randomStream(settings.seed, 'mixup');
  const teacher = teaching === null ? null : createTeacherFeed(teaching, classCount);
  // Behind every image come its views, in the order of the images.
  const imageCount = teaching === null ? rowCount : imageCountOf(train, teaching.probabilities.length / classCount);
  let order: Int32Array = new Int32Array();

  return {
    batchCount: Math.ceil(rowCount / batchSize),
    batchSize,
    startEpoch: () => {
      order = shuffledIndices(rowCount, shuffleRandom);
    },
    batch: (batchIndex) => {
      const start = batchIndex * batchSize;
      const picked = new Int32Array(batchSize).map((_, index) => order[(start + index) % rowCount] ?? 0);
      const classIndices = picked.map((position) => train.classIndices[position] ?? 0);
      const weights = new Float32Array(batchSize).map((_, row) => weightOf(classIndices[row] ?? 0) / batchSize);
      const rowIndices = picked.map((position) => train.rowIndices[position] ?? 0);
      const targets = weightedTargets(classIndices, weights, classCount, settings.labelSmoothing);
      const imageRows = picked.map((position) => train.rowIndices[position % imageCount] ?? 0);
      const shared = teacher?.share(imageRows, weights, targets) ?? { weights, targets, soft: null };
      const mixup = settings.mixup === 0 ? null : drawMixup(rowIndices, settings.mixup, mixupRandom);
      return {
        rowIndices,
        classIndices,
        mixup,
        inputDropout: inputDropout.draw(batchSize * featureLength),
        hiddenDropouts: hiddenUnits.map((units, layer) => hiddenDropouts[layer]?.draw(batchSize * units) ?? null),
        ...(mixup === null ? shared : blendShared(shared, classCount, mixup)),
        countedRows: Math.min(batchSize, rowCount - start),
      };
    },
  };
}

/** Rows of a part that are images and not views of them, which lie behind all images. */
function imageCountOf({ rowIndices }: PartRows, allImages: number): number {
  const viewsFrom = rowIndices.findIndex((row) => row >= allImages);
  return viewsFrom < 0 ? rowIndices.length : viewsFrom;
}

function blendShared(
  { weights, targets, soft }: Omit<SharedTargets, 'soft'> & { readonly soft: SoftTargets | null },
  classCount: number,
  mixup: Mixup,
): Pick<Batch, 'weights' | 'targets' | 'soft'> {
  return {
    weights: blendLabels(weights, 1, mixup),
    targets: blendLabels(targets, classCount, mixup),
    soft: soft && {
      ...soft,
      weights: blendLabels(soft.weights, 1, mixup),
      targets: blendLabels(soft.targets, classCount, mixup),
    },
  };
}

function weightedTargets(
  classIndices: Int32Array,
  weights: Float32Array,
  classCount: number,
  smoothing: number,
): Float32Array {
  const off = smoothing / classCount;
  const targets = oneHotRows(classIndices, classCount, off, 1 - smoothing + off);
  return targets.map((target, index) => target * (weights[Math.floor(index / classCount)] ?? 0));
}
