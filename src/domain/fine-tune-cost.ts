import type { Part } from './dataset.ts';
import { fineTuneRowCount, trainViewCount } from './fine-tune-rows.ts';
import type { TrainingSettings } from './settings.ts';
import type { SplitSettings } from './split.ts';

/** What training stages costs for each image or view, guessed before it is done; times in ms. */
export interface FineTuningEstimate {
  /** Of the values kept of a row, where the trained stages begin. */
  readonly rowBytes: number;
  /** What memory has room for of them, at all depths together. */
  readonly memoryBytes: number;
  /** Computing them once. */
  readonly rowMs: number;
  /** Changing an image before that; 0 where the settings ask for no changed views. */
  readonly viewMs: number;
  /** One row through a training step. */
  readonly stepMs: number;
  /** Judging one validation image. */
  readonly judgeMs: number;
}

/** What all of it comes to. */
export interface FineTuneCost {
  /** Rows kept: images and changed views of them. */
  readonly rowCount: number;
  readonly keptBytes: number;
  /** Changing images, and running the frozen part once for every row. */
  readonly preparingSeconds: number;
  readonly epochSeconds: number;
  /** If no epoch is left out; the phase of the head is not in it, which takes little beside. */
  readonly seconds: number;
}

type CostSettings = Parameters<typeof fineTuneRowCount>[0] & Pick<TrainingSettings, 'fineTuneEpochs'>;

/** @param parts images of every part. */
export function fineTuneCost(
  { rowBytes, rowMs, viewMs, stepMs, judgeMs }: Omit<FineTuningEstimate, 'memoryBytes'>,
  settings: CostSettings,
  parts: Readonly<Record<Part, number>>,
): FineTuneCost {
  const rowCount = fineTuneRowCount(settings, parts);
  const viewRowCount = rowCount - parts.train - parts.validation - parts.test;
  const preparingSeconds = (rowCount * rowMs + viewRowCount * viewMs) / 1000;
  const learntCount = (trainViewCount(settings) + 1) * parts.train;
  const epochSeconds = (learntCount * stepMs + parts.validation * judgeMs) / 1000;
  const seconds = preparingSeconds + settings.fineTuneEpochs * epochSeconds;
  return { rowCount, keptBytes: rowCount * rowBytes, preparingSeconds, epochSeconds, seconds };
}

/** What fine-tuning in every fold of a cross-validation comes to. */
export interface FoldsCost extends Pick<FineTuneCost, 'keptBytes' | 'preparingSeconds' | 'seconds'> {
  /** Training the stages of one fold. */
  readonly foldSeconds: number;
}

/**
 * Every image learns in some folds and is judged in one, so each passes the frozen part with the views of both, once.
 * @param split decides which share of the other folds' images decides when to stop.
 */
export function crossValidationCost(
  estimate: FineTuningEstimate,
  settings: CostSettings,
  imageCount: number,
  foldCount: number,
  { trainRatio, validationRatio }: Pick<SplitSettings, 'trainRatio' | 'validationRatio'>,
): FoldsCost {
  const nobody = { train: 0, validation: 0, test: 0 };
  const learning = fineTuneCost(estimate, settings, { ...nobody, train: imageCount });
  const judged = fineTuneCost(estimate, settings, { ...nobody, test: imageCount });
  const rowCount = learning.rowCount + judged.rowCount - imageCount;
  const preparingSeconds = learning.preparingSeconds + judged.preparingSeconds - (imageCount * estimate.rowMs) / 1000;
  const others = (imageCount * (foldCount - 1)) / foldCount;
  const validation = (others * validationRatio) / Math.max(trainRatio + validationRatio, Number.EPSILON);
  const ofFold = fineTuneCost(estimate, settings, { ...nobody, train: others - validation, validation });
  const foldSeconds = settings.fineTuneEpochs * ofFold.epochSeconds;
  const seconds = preparingSeconds + foldCount * foldSeconds;
  return { keptBytes: rowCount * estimate.rowBytes, preparingSeconds, foldSeconds, seconds };
}
