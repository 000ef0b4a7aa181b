import type { ViewPlan } from '../domain/augmented-view.ts';
import type { BackboneRef } from '../domain/backbone.ts';
import type { ContentHash } from '../domain/dataset.ts';
import type { ResizeMode } from '../domain/project.ts';
import type { CommandContext } from './context.ts';

/** Images per call: long enough to keep the worker's pipeline full, short enough to hold few handles. */
const CHUNK_IMAGES = 256;

export interface FeatureProgress {
  readonly doneCount: number;
  readonly totalCount: number;
}

/** What became of the features asked for. */
export interface EnsuredFeatures {
  /** Hashes whose images could not be decoded any more; training goes on without them. */
  readonly failed: ReadonlySet<ContentHash>;
  /** True when the disk is full and features last only as long as the engine has them in memory. */
  readonly cacheFull: boolean;
}

/** Which features. */
export interface WantedFeatures {
  readonly backbone: BackboneRef;
  readonly resizeMode: ResizeMode;
  /** Above 0: what the network computes below its last so many stages is wanted, too. */
  readonly stageCount?: number;
  /** Those of the images' views instead of their own. */
  readonly views?: ViewPlan;
}

/**
 * Has features computed for every image that has none yet; with `views` those of the image's views instead of its own.
 * Values at the cut come first, for features come with them.
 */
export async function ensureFeatures(
  ctx: CommandContext,
  hashes: readonly ContentHash[],
  { backbone, resizeMode, stageCount = 0, views }: WantedFeatures,
  signal: AbortSignal,
  onProgress: (progress: FeatureProgress) => void,
): Promise<EnsuredFeatures> {
  const wanted = { backbone, resizeMode, ...(views === undefined ? {} : { views }) };
  const atCut =
    stageCount === 0
      ? { failed: new Set<ContentHash>(), cacheFull: false }
      : await ensure(ctx, hashes, { ...wanted, stageCount }, signal, onProgress);
  const left = hashes.filter((hash) => !atCut.failed.has(hash));
  const { failed, cacheFull } = await ensure(ctx, left, wanted, signal, onProgress);
  return { failed: new Set([...atCut.failed, ...failed]), cacheFull: cacheFull || atCut.cacheFull };
}

async function ensure(
  ctx: CommandContext,
  hashes: readonly ContentHash[],
  wanted: WantedFeatures,
  signal: AbortSignal,
  onProgress: (progress: FeatureProgress) => void,
): Promise<EnsuredFeatures> {
  const unique = [...new Set(hashes)];
  const missing = await ctx.engine.call('missingFeatures', { hashes: unique, ...wanted }, { signal });
  const failed = new Set<ContentHash>();
  let cacheFull = false;
  onProgress({ doneCount: 0, totalCount: missing.length });
  for (let start = 0; start < missing.length; start += CHUNK_IMAGES) {
    const chunk = missing.slice(start, start + CHUNK_IMAGES);
    const blobs = await ctx.storage.originals.getMany(chunk);
    const images = chunk.flatMap((hash) => {
      const blob = blobs.get(hash);
      if (blob === undefined) failed.add(hash);
      return blob === undefined ? [] : [{ hash, blob }];
    });
    const onEvent = (event: { readonly doneCount: number }) =>
      onProgress({ doneCount: start + event.doneCount, totalCount: missing.length });
    const output = await ctx.engine.call('embed', { images, ...wanted }, { signal, onEvent });
    for (const hash of output.failed) failed.add(hash);
    cacheFull ||= output.cacheFull;
    onProgress({ doneCount: start + chunk.length, totalCount: missing.length });
  }
  return { failed, cacheFull };
}
