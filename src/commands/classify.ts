import { type BackboneRef, type BackboneReport, backboneRef } from '../domain/backbone.ts';
import type { ClassLabel } from '../domain/dataset.ts';
import type { HeadWeights } from '../domain/head.ts';
import type { ResizeMode } from '../domain/project.ts';
import type { ModelArtifacts, Run } from '../domain/run.ts';
import type { TunedStages } from '../domain/tuned-stages.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { activeBackbone, checkBackbone } from './active-backbone.ts';
import type { Classification } from './commands.ts';
import type { CommandContext } from './context.ts';
import { errorCode } from './error-text.ts';
import { instantModel } from './instant-model.ts';

/** What answers: a run's model, or class averages, on the backbone they were made with. */
interface Answering {
  readonly backbone: BackboneRef;
  readonly key: string;
  readonly head: HeadWeights;
  readonly tuned: TunedStages | null;
  readonly classes: readonly ClassLabel[];
  readonly resizeMode: ResizeMode;
}

/**
 * Classifies an image that is not part of the project with the current model; before the first run with class averages of
 * the images, whose features are computed where they are missing.
 *
 * @throws RemoteError 'head-missing' when there is neither, 'other-backbone' when another network is loaded;
 * 'broken-image'; without a run what `instantModel` throws.
 */
export async function classify(ctx: CommandContext, image: Blob | ImageBitmap): Promise<Classification> {
  return await classifyBy(ctx, await whatAnswers(ctx), image);
}

/** The same by a model at hand. */
export async function classifyBy(
  ctx: CommandContext,
  answering: Answering,
  image: Blob | ImageBitmap,
): Promise<Classification> {
  const { backbone, key, classes, resizeMode } = answering;
  await placeHead(ctx, answering);
  const input = { backbone, key, image, resizeMode };
  const transfer = image instanceof ImageBitmap ? [image] : [];
  const { probabilities, elapsedMs } = await ctx.engine.call('classify', input, { transfer }).catch(async (error) => {
    // The engine restarted since: it has lost the head, but the image was not consumed when it is a Blob.
    if (errorCode(error) !== 'head-missing' || transfer.length > 0) throw error;
    ctx.session.headOnDevice = null;
    await placeHead(ctx, answering);
    return await ctx.engine.call('classify', input);
  });
  return {
    classNames: classes.map(({ name }) => name),
    classColorIndices: classes.map(({ colorIndex }) => colorIndex),
    probabilities: [...probabilities],
    elapsedMs,
  };
}

async function whatAnswers(ctx: CommandContext): Promise<Answering> {
  const { project, artifacts, runs } = ctx.store.getState();
  if (project !== null && project.currentRunId === null) {
    const model = await instantModel(ctx);
    return { ...model, key: `averages-${model.id}`, tuned: null };
  }
  const run = runs.find(({ id }) => id === artifacts?.runId);
  if (artifacts === null || run === undefined) throw new RemoteError('head-missing', 'no run is current');
  if (artifacts.head === null) throw new RemoteError('no-model', 'the current run is a cross-validation');
  const { head, tuned } = artifacts;
  const backbone = await activeBackbone(ctx);
  checkBackbone(run, backbone);
  return answeringOf(run, { head, tuned }, backbone);
}

/** A run's model on a backbone that is the run's. */
export function answeringOf(
  run: Run,
  { head, tuned }: Pick<ModelArtifacts, 'head' | 'tuned'>,
  backbone: BackboneReport,
): Answering {
  const { id: key, classes, resizeMode } = run;
  return { backbone: backboneRef(backbone), key, head, tuned, classes, resizeMode };
}

async function placeHead(ctx: CommandContext, { backbone, key, head, tuned }: Answering): Promise<void> {
  const placed = [key, backbone.id, backbone.sha256].join(' ');
  if (ctx.session.headOnDevice === placed) return;
  await ctx.engine.call('useHead', { backbone, key, head, tuned });
  ctx.session.headOnDevice = placed;
}
