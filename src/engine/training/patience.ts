import type { ResolvedSettings } from '../../domain/settings.ts';
import { warmupSteps } from './schedule.ts';

/** Before both of these a new head is not given up: with few images an epoch is a step or two, and has hardly begun. */
const FEWEST_EPOCHS = 10;
const FEWEST_STEPS = 200;

interface Progress {
  readonly epochIndex: number;
  readonly bestEpochIndex: number;
  /** Steps of an epoch. */
  readonly batchCount: number;
  /** True for a head, which starts from nothing; false for stages, which start out good. */
  readonly isNew: boolean;
}

/**
 * True when training ends early. Patience counts from the best epoch, but not before the learning rate has come to its full
 * value; a new head gets 10 epochs and 200 steps in any case.
 */
export function hasLostPatience(
  { epochIndex, bestEpochIndex, batchCount, isNew }: Progress,
  settings: ResolvedSettings,
): boolean {
  if (settings.patience === 0) return false;
  const epochCount = epochIndex + 1;
  if (isNew && (epochCount < FEWEST_EPOCHS || epochCount * batchCount < FEWEST_STEPS)) return false;
  const warmupEpochCount = Math.ceil(warmupSteps(batchCount * settings.epochs, settings) / batchCount);
  return epochIndex - Math.max(bestEpochIndex, warmupEpochCount - 1) >= settings.patience;
}
