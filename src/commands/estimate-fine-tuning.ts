import type { CommandContext } from './context.ts';

/** What training stages costs, guessed before it is done. */
export interface FineTuningEstimate {
  /** Of the values kept of every row, where the trained stages begin. */
  readonly keptBytes: number;
  /** Computing them once. */
  readonly preparingSeconds: number;
  /** One image through a training step, ms. */
  readonly stepMsPerImage: number;
  /** Judging one validation image, ms. */
  readonly judgeMsPerImage: number;
}

/**
 * @param rowCount images, and changed views of them: see `fineTuneRowCount`.
 * @returns null where it cannot be told now: the engine may be restarting, or another network on its way.
 */
export async function estimateFineTuning(
  { engine }: CommandContext,
  stageCount: number,
  rowCount: number,
): Promise<FineTuningEstimate | null> {
  const estimate = await engine.call('estimateActivations', { stageCount, rowCount }).catch(() => null);
  if (estimate === null) return null;
  const { bytes, seconds, stepMsPerImage, judgeMsPerImage } = estimate;
  return { keptBytes: bytes, preparingSeconds: seconds, stepMsPerImage, judgeMsPerImage };
}
