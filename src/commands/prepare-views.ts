import { testPlanOf, type ViewPlan, viewPlanOf } from '../domain/augmented-view.ts';
import { backboneRef } from '../domain/backbone.ts';
import type { ContentHash } from '../domain/dataset.ts';
import type { CommandContext } from './context.ts';
import { type EnsuredFeatures, ensureFeatures, type FeatureProgress } from './ensure-features.ts';
import type { RunPlan } from './run-plan.ts';

/**
 * Has features computed for the changed views that a run needs, and what fine-tuning needs of them beside: of training
 * images to learn from, of held-out ones where scores average over views.
 * @param onProgress counts images; `viewCount` views are made of each.
 */
export async function prepareViews(
  ctx: CommandContext,
  plan: RunPlan,
  signal: AbortSignal,
  onProgress: (progress: FeatureProgress, viewCount: number) => void,
): Promise<EnsuredFeatures> {
  const { project, settings } = plan;
  const backbone = backboneRef(plan.backbone);
  const failed = new Set<ContentHash>();
  let cacheFull = false;
  for (const { views, hashes } of viewsAsked(plan)) {
    const show = (progress: FeatureProgress) => onProgress(progress, views.viewCount);
    const wanted = { backbone, resizeMode: project.resizeMode, views, stageCount: settings.fineTuneStages };
    const ensured = await ensureFeatures(ctx, hashes, wanted, signal, show);
    for (const hash of ensured.failed) failed.add(hash);
    cacheFull ||= ensured.cacheFull;
  }
  return { failed, cacheFull };
}

/** The changed views that a run needs, and of which images. */
export function viewsAsked({ rows, settings }: Pick<RunPlan, 'rows' | 'settings'>): readonly {
  readonly views: ViewPlan;
  readonly hashes: readonly ContentHash[];
}[] {
  const trainHashes = rows.hashes.filter((_, row) => rows.parts[row] === 'train');
  const training = viewPlanOf(settings, settings.augmentViews);
  const scoring = testPlanOf(settings);
  return [
    ...(training === null ? [] : [{ views: training, hashes: trainHashes }]),
    ...(scoring === null ? [] : [{ views: scoring, hashes: heldOutHashes(rows) }]),
  ];
}

/** Images that no head has learnt from. */
export function heldOutHashes({ hashes, parts }: RunPlan['rows']): readonly ContentHash[] {
  return hashes.filter((_, row) => parts[row] !== 'train');
}

/** The same run without images that could not be read. */
export function withoutImages(plan: RunPlan, failed: ReadonlySet<ContentHash>): RunPlan {
  if (failed.size === 0) return plan;
  const { hashes, classIndices, parts, groupIds } = plan.rows;
  const isKept = (_: unknown, row: number) => !failed.has(hashes[row] ?? '');
  return {
    ...plan,
    items: plan.items.filter(isKept),
    rows: {
      hashes: hashes.filter(isKept),
      classIndices: classIndices.filter(isKept),
      parts: parts.filter(isKept),
      groupIds: groupIds.filter(isKept),
    },
  };
}
