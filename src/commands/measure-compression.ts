import { backboneRef, isStoredBackbone } from '../domain/backbone.ts';
import {
  type Compression,
  checkCompression,
  compareAnswers,
  isSameCompression,
  looksAtImages,
  type MeasuredCompression,
  UNCOMPRESSED,
  WEIGHT_ENCODINGS,
} from '../domain/compression.ts';
import { knownSizes, withSize } from '../domain/measured-sizes.ts';
import { holdsModel, type Run, type RunArtifacts } from '../domain/run.ts';
import type { CompressedProgress } from '../engine/contract-measuring.ts';
import type { CommandContext } from './context.ts';
import { type PackedModel, pack } from './export-model.ts';
import { type JobHandle, type Outcome, Refusal, runJob } from './job.ts';
import { layerInputsFor } from './layer-inputs.ts';
import { notify, reportFailure } from './notices.ts';
import { enqueueWrite } from './save-project.ts';

/** The test images of a run that can still be read, and what its model said of them. */
interface TestImages {
  readonly images: readonly { readonly hash: string; readonly blob: Blob }[];
  readonly classIndices: readonly number[];
  /** float32 [images, classCount]. */
  readonly probabilities: Float32Array;
}

/**
 * Measures the current run's model in every encoding with this share of weights set to zero, and as it is; what has been
 * measured before is not measured again. Each figure is shown and kept with the run as soon as it is there. The page is
 * told why nothing comes of it.
 *
 * @returns all figures of the run so far, also when it was stopped.
 */
export async function measureCompression(
  ctx: CommandContext,
  prunedRatio: number,
): Promise<Outcome<readonly MeasuredCompression[]>> {
  const options = { progress: null, canStop: true, obstacle: () => whyNotNow(ctx) };
  const outcome = await runJob(ctx, 'measuring', options, async (job) => {
    const model = modelInUse(ctx);
    try {
      await measureAll(ctx, job, model, missingSizes(ctx, model, prunedRatio));
    } catch (error) {
      if (!job.stopSignal.aborted || job.signal.aborted) throw error;
    }
    return measuredRows(ctx, model);
  });
  if (outcome.kind === 'refused') notify(ctx.store, 'warning', 'Nothing was measured.', outcome.reason);
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
  return outcome;
}

/** @throws Refusal when there is no model to measure. */
function modelInUse(ctx: CommandContext): PackedModel {
  const { project, artifacts, runs, backbones } = ctx.store.getState();
  const run = runs.find(({ id }) => id === artifacts?.runId);
  if (project === null || artifacts === null || backbones.current === null || run === undefined)
    throw new Refusal(NO_MODEL);
  if (!holdsModel(artifacts)) throw new Refusal(NO_ONE_MODEL);
  return { project, run, artifacts, backbone: backbones.current };
}

const NO_MODEL = 'There is no trained model yet.';
const NO_ONE_MODEL = 'A cross-validation leaves no one model. Press Train for one, or choose another run.';

/** What is to be measured and was not before. */
function missingSizes(ctx: CommandContext, model: PackedModel, prunedRatio: number): Compression[] {
  const wanted = [UNCOMPRESSED, ...WEIGHT_ENCODINGS.map((encoding) => checkCompression({ encoding, prunedRatio }))];
  const known = measuredRows(ctx, model);
  return wanted.filter(
    (compression, at) =>
      !known.some((row) => isSameCompression(row.compression, compression)) &&
      wanted.findIndex((other) => isSameCompression(other, compression)) === at,
  );
}

function measuredRows(
  { store }: CommandContext,
  { run: { id: runId }, backbone }: PackedModel,
): readonly MeasuredCompression[] {
  const run = store.getState().runs.find(({ id }) => id === runId);
  return run === undefined ? [] : knownSizes(run, backbone);
}

/** Shows a figure and keeps it with the run. */
async function keepFigures(
  ctx: CommandContext,
  { run: { id: runId, name }, backbone }: PackedModel,
  row: MeasuredCompression,
): Promise<void> {
  const { runs } = ctx.store.getState();
  const run = runs.find(({ id }) => id === runId);
  if (run === undefined) throw new Refusal(`${name} was deleted while its model was measured. Other runs are kept.`);
  const changed: Run = { ...run, measuredSizes: withSize(run, backbone, row) };
  ctx.store.setState({ runs: runs.map((other) => (other.id === runId ? changed : other)) });
  await enqueueWrite(ctx, () => ctx.storage.runs.change(changed));
}

function whyNotNow({ store }: CommandContext): string | null {
  const { artifacts, runs, backbones } = store.getState();
  const run = runs.find(({ id }) => id === artifacts?.runId);
  if (run === undefined) return NO_MODEL;
  if (backbones.current === null || !isStoredBackbone(run.backbone, backbones.current))
    return `Choose the backbone ${run.backbone.name} first.`;
  return null;
}

async function measureAll(
  ctx: CommandContext,
  job: JobHandle<'measuring'>,
  model: PackedModel,
  missing: readonly Compression[],
): Promise<void> {
  const { run, artifacts } = model;
  const { resizeMode } = run;
  const backbone = backboneRef(model.backbone);
  const signal = AbortSignal.any([job.signal, job.stopSignal]);
  const { images, classIndices, probabilities } = await testImages(ctx, artifacts);
  job.check();
  const looking = missing.find(looksAtImages) ?? UNCOMPRESSED;
  const layerInputs = await layerInputsFor(ctx, backbone, run, artifacts, looking, signal);
  for (const [index, compression] of missing.entries()) {
    const onEvent = ({ doneCount, totalCount }: CompressedProgress) =>
      job.report({ compression, index, count: missing.length, doneCount, totalCount });
    onEvent({ doneCount: 0, totalCount: images.length });
    const { head, tuned } = artifacts;
    const input = { backbone, head, tuned, compression, layerInputs, images, resizeMode, timed: true };
    const figures = await ctx.engine.call('measureCompressed', input, { signal, onEvent });
    job.check();
    const { classCount } = artifacts.predictions;
    const answers =
      images.length === 0 ? null : compareAnswers(probabilities, figures.probabilities, classIndices, classCount);
    const { weightBytes, imageMs } = figures;
    const zip = await pack(ctx, model, { kind: 'whole-model', compression }, { signal });
    job.check();
    const row: MeasuredCompression = { compression, weightBytes, downloadBytes: zip.size, imageMs, answers };
    await keepFigures(ctx, model, row);
  }
}

async function testImages(ctx: CommandContext, { predictions }: RunArtifacts): Promise<TestImages> {
  const items = ctx.store.getState().project?.dataset.images ?? new Map();
  const { imageIds, parts, classIndices, classCount, probabilities } = predictions;
  const rows = imageIds.flatMap((id, row) => {
    const hash: string | undefined = parts[row] === 'test' ? items.get(id)?.hash : undefined;
    return hash === undefined ? [] : [{ hash, row }];
  });
  const blobs = await ctx.storage.originals.getMany([...new Set(rows.map(({ hash }) => hash))]);
  const kept = rows.flatMap(({ hash, row }) => {
    const blob = blobs.get(hash);
    return blob === undefined ? [] : [{ hash, row, blob }];
  });
  const said = new Float32Array(kept.length * classCount);
  kept.forEach(({ row }, at) => {
    said.set(probabilities.subarray(row * classCount, (row + 1) * classCount), at * classCount);
  });
  return {
    images: kept.map(({ hash, blob }) => ({ hash, blob })),
    classIndices: kept.map(({ row }) => classIndices[row] ?? 0),
    probabilities: said,
  };
}
