import type { BackboneRef } from '../domain/backbone.ts';
import { type Compression, looksAtImages } from '../domain/compression.ts';
import { imagesToLookAt, type LayerInputs } from '../domain/layer-inputs.ts';
import type { ModelArtifacts, Run } from '../domain/run.ts';
import type { CommandContext } from './context.ts';

/**
 * What the layers of the current model are given on a few of its training images; null where making it smaller does not ask for
 * that, or no image of the run can be read any more: then weights are judged by their size alone.
 */
export async function layerInputsFor(
  ctx: CommandContext,
  backbone: BackboneRef,
  run: Pick<Run, 'resizeMode'>,
  { predictions, tuned }: ModelArtifacts,
  compression: Compression,
  signal?: AbortSignal,
): Promise<LayerInputs | null> {
  if (!looksAtImages(compression)) return null;
  const items = ctx.store.getState().project?.dataset.images ?? new Map();
  const hashes: string[] = imagesToLookAt(predictions, (id) => items.has(id)).map((id) => items.get(id).hash);
  const blobs = await ctx.storage.originals.getMany(hashes);
  const images = hashes.flatMap((hash) => {
    const blob = blobs.get(hash);
    return blob === undefined ? [] : [{ hash, blob }];
  });
  const input = { backbone, images, tuned, resizeMode: run.resizeMode };
  return ctx.engine.call('layerInputs', input, signal === undefined ? {} : { signal });
}
