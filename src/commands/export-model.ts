import type { Run, RunArtifacts } from '../domain/run.ts';
import { buildModelBundle } from '../export/build-model-bundle.ts';
import { chooseParityImages } from '../export/parity-choice.ts';
import type { ParitySample } from '../export/parity-files.ts';
import { downloadBlob } from '../files/download-blob.ts';
import { safeName } from '../files/safe-names.ts';
import { zipBlobs } from '../files/zip-blobs.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { ExportOptions } from './commands.ts';
import type { CommandContext } from './context.ts';
import { notify, reportFailure } from './notices.ts';

/** Downloads the current model as one zip. */
export async function exportModel(ctx: CommandContext, options: ExportOptions): Promise<void> {
  const name = ctx.store.getState().project?.name ?? 'model';
  try {
    const zip = await buildExport(ctx, options);
    downloadBlob(`${safeName(name, 'model')}-${options.kind}.zip`, zip);
    notify(
      ctx.store,
      'success',
      'The model is downloaded.',
      'Open index.html in the zip to try it, or read model-card.md.',
    );
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}

/**
 * Packs the current model.
 * @throws RemoteError 'head-missing' before the first run; CodedError 'backbone-mismatch' when another network is loaded.
 */
export async function buildExport(ctx: CommandContext, { kind }: ExportOptions): Promise<Blob> {
  const { project, artifacts, runs, backbones } = ctx.store.getState();
  const run = runs.find(({ id }) => id === artifacts?.runId);
  if (project === null || artifacts === null || run === undefined || backbones.current === null) {
    throw new RemoteError('head-missing', 'there is no trained model to export');
  }
  try {
    ctx.store.setState({ exporting: { stage: 'Reading the network' } });
    const graph = kind === 'whole-model' ? await ctx.engine.call('exportBackbone', null) : null;
    ctx.store.setState({ exporting: { stage: 'Preparing sample images' } });
    const samples = await paritySamples(ctx, run, artifacts);
    ctx.store.setState({ exporting: { stage: 'Packing' } });
    return await zipBlobs(
      buildModelBundle({
        graph,
        head: artifacts.head,
        run,
        predictions: artifacts.predictions,
        project: { name: project.name },
        backbone: backbones.current,
        samples,
        createdAtIso: new Date(ctx.now()).toISOString(),
        versions: ctx.versions,
      }),
    );
  } finally {
    ctx.store.setState({ exporting: null });
  }
}

/** A few images with the pixels the network saw and what it said; images deleted since are left out. */
async function paritySamples(ctx: CommandContext, run: Run, { predictions }: RunArtifacts): Promise<ParitySample[]> {
  const images = ctx.store.getState().project?.dataset.images ?? new Map();
  const samples: ParitySample[] = [];
  for (const imageId of chooseParityImages(predictions)) {
    const item = images.get(imageId);
    const original = item === undefined ? null : await ctx.storage.originals.get(item.hash);
    if (item === undefined || original === null) continue;
    const row = predictions.imageIds.indexOf(imageId);
    const { classCount, probabilities, classIndices } = predictions;
    const { pixels } = await ctx.engine.call('preparePixels', { image: original, resizeMode: run.resizeMode });
    samples.push({
      name: item.name,
      className: run.classes[classIndices[row] ?? 0]?.name ?? '',
      original,
      pixels,
      probabilities: probabilities.slice(row * classCount, (row + 1) * classCount),
    });
  }
  return samples;
}
