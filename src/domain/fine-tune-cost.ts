import type { Part } from './dataset.ts';
import { fineTuneRowCount, trainViewCount } from './fine-tune-rows.ts';
import type { TrainingSettings } from './settings.ts';

/** What training stages costs for each image or view, guessed before it is done; times in ms. */
export interface FineTuningEstimate {
  /** Of the values kept of a row, where the trained stages begin. */
  readonly rowBytes: number;
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
  { rowBytes, rowMs, viewMs, stepMs, judgeMs }: FineTuningEstimate,
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
