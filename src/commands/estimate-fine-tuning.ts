import { testPlanOf, viewPlanOf } from '../domain/augmented-view.ts';
import { backboneRef } from '../domain/backbone.ts';
import type { FineTuningEstimate } from '../domain/fine-tune-cost.ts';
import { augmentSamples } from './augment-samples.ts';
import type { CommandContext } from './context.ts';

/** Images changed to see how long it takes: enough that a start is not what is measured. */
const CHANGED_IMAGES = 8;

/**
 * What it would cost to train so many stages with the settings of now.
 * @returns null where it cannot be told now: the engine may be restarting, or another network on its way.
 */
export async function estimateFineTuning(ctx: CommandContext, stageCount: number): Promise<FineTuningEstimate | null> {
  const { current } = ctx.store.getState().backbones;
  if (current === null) return null;
  const input = { backbone: backboneRef(current), stageCount, rowCount: 1 };
  const estimate = await ctx.engine.call('estimateActivations', input).catch(() => null);
  if (estimate === null) return null;
  const { bytes, memoryBytes, seconds, stepMsPerImage, judgeMsPerImage } = estimate;
  const viewMs = await viewMilliseconds(ctx);
  const times = { rowMs: seconds * 1000, viewMs, stepMs: stepMsPerImage, judgeMs: judgeMsPerImage };
  return { rowBytes: bytes, memoryBytes, ...times };
}

/** Changing one image as the settings ask for, measured on a few of the project. */
async function viewMilliseconds(ctx: CommandContext): Promise<number> {
  const { project } = ctx.store.getState();
  if (project === null) return 0;
  const plan = viewPlanOf(project.settings, 1) ?? testPlanOf(project.settings);
  if (plan === null) return 0;
  const hashes: string[] = [];
  for (const { hash } of project.dataset.images.values()) {
    if (hashes.push(hash) === CHANGED_IMAGES) break;
  }
  return (await augmentSamples(ctx, hashes, plan.strengths))?.millisecondsPerImage ?? 0;
}
