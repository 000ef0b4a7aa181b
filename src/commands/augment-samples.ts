import type { AugmentStrengths } from '../domain/augmentation.ts';
import { backboneRef } from '../domain/backbone.ts';
import type { ContentHash } from '../domain/dataset.ts';
import type { CommandContext } from './context.ts';

/** Changed views of some images, to look at. */
export interface AugmentedSamples {
  readonly side: number;
  readonly hashes: readonly ContentHash[];
  /** RGBA bytes, [side, side, 4] for each hash, one after another. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** What it took to change one image, ms. */
  readonly millisecondsPerImage: number;
}

/** The first changed view of images of the open project, as a run would make it; null where it cannot be made now. */
export async function augmentSamples(
  ctx: CommandContext,
  hashes: readonly ContentHash[],
  strengths: AugmentStrengths,
): Promise<AugmentedSamples | null> {
  const { project, backbones } = ctx.store.getState();
  if (project === null || backbones.current === null || hashes.length === 0) return null;
  const backbone = backboneRef(backbones.current);
  const blobs = await ctx.storage.originals.getMany(hashes);
  const images = hashes.flatMap((hash) => {
    const blob = blobs.get(hash);
    return blob === undefined ? [] : [{ hash, blob }];
  });
  const plan = { strengths, seed: project.settings.seed };
  // A picture to look at is not worth an error: the engine may be restarting, or another network on its way.
  const input = { backbone, images, plan, resizeMode: project.resizeMode };
  return await ctx.engine.call('augmentSamples', input).catch(() => null);
}
