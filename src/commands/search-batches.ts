import { backboneRef } from '../domain/backbone.ts';
import type { ResolvedSettings } from '../domain/settings.ts';
import type { CommandContext } from './context.ts';
import type { Learning } from './learning.ts';
import { viewsAsked, withoutImages } from './prepare-views.ts';
import type { RunPlan } from './run-plan.ts';
import { prepareChanged, prepareImages } from './start-training.ts';
import { rowsWithoutTest } from './tuning.ts';

/** Candidates that the engine trains in one call, with all they need computed. */
interface SearchBatch<C> {
  /** Without images that could not be read. */
  readonly plan: RunPlan;
  readonly candidates: readonly C[];
}

/**
 * Has what the candidates need computed, changed views and values at the cuts, and hands the candidates out when theirs is
 * there. All at once and in their order where memory has room for the values at all cuts together; else those of one
 * cut after those of another, so that each cut is computed once all the same.
 * @throws the signal's reason when it aborts.
 */
export async function* preparedBatches<C extends { readonly settings: ResolvedSettings }>(
  ctx: CommandContext,
  learning: Learning,
  plan: RunPlan,
  candidates: readonly C[],
): AsyncGenerator<SearchBatch<C>> {
  const counts = [...new Set(candidates.map(({ settings }) => settings.fineTuneStages))].sort(
    (one, other) => one - other,
  );
  const heads = await withStages(ctx, learning, plan, 0);
  if (await haveRoomTogether(ctx, plan, counts)) {
    let ready = heads;
    for (const count of counts) if (count > 0) ready = await withStages(ctx, learning, ready, count);
    // Something else may have taken the room meanwhile.
    if (counts.length < 2 || (await areAllThere(ctx, ready, counts, learning.signal))) {
      yield { plan: ready, candidates };
      return;
    }
  }
  for (const count of counts) {
    yield {
      plan: count === 0 ? heads : await withStages(ctx, learning, heads, count),
      candidates: candidates.filter(({ settings }) => settings.fineTuneStages === count),
    };
  }
}

/** What a candidate with so many stages learns from and is judged by: the test part is left out. */
function asPlanned(plan: RunPlan, stageCount: number): RunPlan {
  return { ...plan, rows: rowsWithoutTest(plan), settings: { ...plan.settings, fineTuneStages: stageCount } };
}

async function withStages(
  ctx: CommandContext,
  learning: Learning,
  plan: RunPlan,
  stageCount: number,
): Promise<RunPlan> {
  const asked = asPlanned(plan, stageCount);
  const wanted = { resizeMode: plan.project.resizeMode, stageCount };
  const unread = await prepareImages(ctx, learning, asked.rows.hashes, wanted);
  const unreadViews = await prepareChanged(ctx, learning, withoutImages(asked, unread));
  learning.check();
  learning.showTraining(null);
  return withoutImages(plan, new Set([...unread, ...unreadViews]));
}

async function haveRoomTogether(ctx: CommandContext, plan: RunPlan, counts: readonly number[]): Promise<boolean> {
  const tuned = counts.filter((count) => count > 0);
  if (tuned.length < 2) return true;
  const { rows, settings } = asPlanned(plan, 0);
  const backbone = backboneRef(plan.backbone);
  const viewRows = viewsAsked({ rows, settings }).map(({ views, hashes }) => views.viewCount * hashes.length);
  const rowCount = viewRows.reduce((sum, count) => sum + count, rows.hashes.length);
  let bytes = 0;
  let memoryBytes = 0;
  for (const stageCount of tuned) {
    const estimate = await ctx.engine.call('estimateActivations', { backbone, stageCount, rowCount });
    bytes += estimate.bytes;
    memoryBytes = estimate.memoryBytes;
  }
  return bytes <= memoryBytes;
}

/** True when the values at all cuts are still there. */
async function areAllThere(
  ctx: CommandContext,
  plan: RunPlan,
  counts: readonly number[],
  signal: AbortSignal,
): Promise<boolean> {
  const { resizeMode } = plan.project;
  const backbone = backboneRef(plan.backbone);
  for (const stageCount of counts) {
    if (stageCount === 0) continue;
    const { rows, settings } = asPlanned(plan, stageCount);
    for (const asked of [{ hashes: rows.hashes }, ...viewsAsked({ rows, settings })]) {
      const wanted = { ...asked, backbone, resizeMode, stageCount };
      const missing = await ctx.engine.call('missingFeatures', wanted, { signal });
      if (missing.length > 0) return false;
    }
  }
  return true;
}
