import { type BackboneReport, backboneRef } from '../domain/backbone.ts';
import { checkCompression, isSameCompression, isUncompressed, UNCOMPRESSED } from '../domain/compression.ts';
import type { ImageItem } from '../domain/dataset.ts';
import { knownSizes } from '../domain/measured-sizes.ts';
import type { Project } from '../domain/project.ts';
import { holdsModel, type ModelArtifacts, type Run, type RunArtifacts } from '../domain/run.ts';
import type { CompressedInput } from '../engine/contract-measuring.ts';
import { buildModelBundle } from '../export/build-model-bundle.ts';
import { chooseParityImages } from '../export/parity-choice.ts';
import type { ParitySample } from '../export/parity-files.ts';
import { downloadBlob } from '../files/download-blob.ts';
import { safeName } from '../files/safe-names.ts';
import { zipBlobs } from '../files/zip-blobs.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { activeBackbone, checkBackbone } from './active-backbone.ts';
import { answeringOf, classifyBy } from './classify.ts';
import type { ExportOptions } from './commands.ts';
import type { CommandContext } from './context.ts';
import { type Outcome, runJob } from './job.ts';
import { layerInputsFor } from './layer-inputs.ts';
import { notify, reportFailure } from './notices.ts';

/** Downloads the current model as one zip. */
export async function exportModel(ctx: CommandContext, options: ExportOptions): Promise<Outcome<Blob>> {
  const name = ctx.store.getState().project?.name ?? 'model';
  const outcome = await packModel(ctx, options);
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
  if (outcome.kind !== 'done') return outcome;
  downloadBlob(`${safeName(name, 'model')}-${options.kind}.zip`, outcome.value);
  notify(
    ctx.store,
    'success',
    'The model is downloaded.',
    'Open index.html in the zip to try it, or read model-card.md.',
  );
  return outcome;
}

/**
 * Packs the current model. Fails with 'head-missing' before the first run, with 'backbone-missing', and with
 * 'other-backbone' when another is active.
 */
export function packModel(ctx: CommandContext, options: ExportOptions): Promise<Outcome<Blob>> {
  const progress = { stage: 'Reading the backbone' };
  return runJob(ctx, 'export', { progress }, async ({ report }) =>
    pack(ctx, await currentModel(ctx), options, { onStage: (stage) => report({ stage }) }),
  );
}

/**
 * Bytes of a download, by packing it: how far weights deflate follows from nothing else.
 * @throws RemoteError as `packModel` fails; DOMException 'AbortError'.
 */
export async function downloadSize(ctx: CommandContext, options: ExportOptions, signal: AbortSignal): Promise<number> {
  const zip = await pack(ctx, await currentModel(ctx), options, { signal });
  return zip.size;
}

/** What is packed, fixed at its start. */
export interface PackedModel {
  readonly project: Project;
  readonly run: Run;
  readonly artifacts: ModelArtifacts;
  readonly backbone: BackboneReport;
}

async function currentModel(ctx: CommandContext): Promise<PackedModel> {
  const { project, artifacts, runs } = ctx.store.getState();
  const run = runs.find(({ id }) => id === artifacts?.runId);
  if (project === null || artifacts === null || run === undefined) {
    throw new RemoteError('head-missing', 'there is no trained model to export');
  }
  if (!holdsModel(artifacts)) throw new RemoteError('no-model', 'the current run is a cross-validation');
  const backbone = await activeBackbone(ctx);
  checkBackbone(run, backbone);
  return { project, run, artifacts, backbone };
}

interface Packing {
  readonly onStage?: (stage: string) => void;
  readonly signal?: AbortSignal;
}

/** A model as one zip. @throws DOMException 'AbortError'. */
export async function pack(
  ctx: CommandContext,
  { project, run, artifacts, backbone }: PackedModel,
  { kind, compression: wanted }: ExportOptions,
  { onStage, signal }: Packing,
): Promise<Blob> {
  const compression = checkCompression(kind === 'whole-model' ? (wanted ?? UNCOMPRESSED) : UNCOMPRESSED);
  const { tuned } = artifacts;
  const needsNetwork = kind === 'whole-model' || tuned !== null;
  const network = needsNetwork
    ? await ctx.engine.call('exportBackbone', { backbone: backboneRef(backbone), tuned })
    : null;
  const graph = kind === 'whole-model' ? network : null;
  const tunedNetwork = network === null || tuned === null ? null : { graph: network, stageCount: tuned.stageCount };
  signal?.throwIfAborted();
  onStage?.('Preparing sample images');
  const images = await parityImages(ctx, project, artifacts);
  const layerInputs = await layerInputsFor(ctx, backboneRef(backbone), run, artifacts, compression, signal);
  const samples = isUncompressed(compression)
    ? await plainSamples(ctx, backbone, run, artifacts, images)
    : await compressedSamples(ctx, backbone, run, artifacts, images, { compression, layerInputs });
  const rows = knownSizes(run, backbone);
  signal?.throwIfAborted();
  onStage?.('Packing');
  return await zipBlobs(
    buildModelBundle({
      graph,
      tunedNetwork,
      head: artifacts.head,
      compression,
      layerInputs,
      measured: rows.find((row) => isSameCompression(row.compression, compression)) ?? null,
      run,
      predictions: artifacts.predictions,
      project: { name: project.name },
      backbone,
      samples,
      createdAtIso: new Date(ctx.now()).toISOString(),
      versions: ctx.versions,
    }),
    signal,
  );
}

interface ParityImage {
  readonly row: number;
  readonly item: ImageItem;
  readonly original: Blob;
}

/** A few images of the run; those deleted since are left out. */
async function parityImages(
  ctx: CommandContext,
  { dataset: { images: items } }: Project,
  { predictions }: RunArtifacts,
): Promise<ParityImage[]> {
  const images: ParityImage[] = [];
  for (const imageId of chooseParityImages(predictions)) {
    const item = items.get(imageId);
    const original = item === undefined ? null : await ctx.storage.originals.get(item.hash);
    if (item !== undefined && original !== null) {
      images.push({ row: predictions.imageIds.indexOf(imageId), item, original });
    }
  }
  return images;
}

/** The images with the pixels the network sees of them. */
async function seenImages(
  ctx: CommandContext,
  backbone: BackboneReport,
  run: Run,
  { classIndices }: RunArtifacts['predictions'],
  images: readonly ParityImage[],
): Promise<Omit<ParitySample, 'probabilities'>[]> {
  const on = { backbone: backboneRef(backbone), resizeMode: run.resizeMode };
  const seen: Omit<ParitySample, 'probabilities'>[] = [];
  for (const { row, item, original } of images) {
    const { pixels } = await ctx.engine.call('preparePixels', { ...on, image: original });
    const className = run.classes[classIndices[row] ?? 0]?.name ?? '';
    seen.push({ name: item.name, className, original, pixels });
  }
  return seen;
}

/**
 * With what the model says of them. It is asked again: what the run was scored by comes from features that are kept rounded,
 * or is a mean over changed views.
 */
async function plainSamples(
  ctx: CommandContext,
  backbone: BackboneReport,
  run: Run,
  artifacts: ModelArtifacts,
  images: readonly ParityImage[],
): Promise<ParitySample[]> {
  const samples: ParitySample[] = [];
  const answering = answeringOf(run, artifacts, backbone);
  for (const image of await seenImages(ctx, backbone, run, artifacts.predictions, images)) {
    samples.push({ ...image, probabilities: (await classifyBy(ctx, answering, image.original)).probabilities });
  }
  return samples;
}

/** With what the compressed model says of them. */
async function compressedSamples(
  ctx: CommandContext,
  backbone: BackboneReport,
  run: Run,
  artifacts: ModelArtifacts,
  images: readonly ParityImage[],
  smaller: Pick<CompressedInput, 'compression' | 'layerInputs'>,
): Promise<ParitySample[]> {
  const seen = await seenImages(ctx, backbone, run, artifacts.predictions, images);
  const { probabilities } = await ctx.engine.call('measureCompressed', {
    backbone: backboneRef(backbone),
    head: artifacts.head,
    tuned: artifacts.tuned,
    ...smaller,
    images: images.map(({ item: { hash }, original }) => ({ hash, blob: original })),
    resizeMode: run.resizeMode,
    timed: false,
  });
  const { classCount } = artifacts.predictions;
  return seen.map((image, at) => ({
    ...image,
    probabilities: probabilities.slice(at * classCount, (at + 1) * classCount),
  }));
}
