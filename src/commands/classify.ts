import { RemoteError } from '../rpc/remote-error.ts';
import type { Classification } from './commands.ts';
import type { CommandContext } from './context.ts';
import { errorCode } from './error-text.ts';

/**
 * Classifies an image that is not part of the project with the current model.
 * @throws RemoteError 'head-missing' before the first run or when another network is loaded; 'broken-image'.
 */
export async function classify(ctx: CommandContext, image: Blob | ImageBitmap): Promise<Classification> {
  const { artifacts, runs, backbones } = ctx.store.getState();
  const run = runs.find(({ id }) => id === artifacts?.runId);
  if (artifacts === null || run === undefined) throw new RemoteError('head-missing', 'no run is current');
  if (artifacts.head === null) throw new RemoteError('no-model', 'the current run is a cross-validation');
  if (backbones.current?.id !== run.backbone.id) {
    throw new RemoteError('other-backbone', `the model was trained on ${run.backbone.name}`);
  }
  await placeHead(ctx);
  const input = { key: run.id, image, resizeMode: run.resizeMode };
  const transfer = image instanceof ImageBitmap ? [image] : [];
  const { probabilities, elapsedMs } = await ctx.engine.call('classify', input, { transfer }).catch(async (error) => {
    // The engine restarted since: it has lost the head, but the image was not consumed when it is a Blob.
    if (errorCode(error) !== 'head-missing' || transfer.length > 0) throw error;
    ctx.session.headOnDevice = null;
    await placeHead(ctx);
    return await ctx.engine.call('classify', input);
  });
  return {
    classNames: run.classes.map(({ name }) => name),
    classColorIndices: run.classes.map(({ colorIndex }) => colorIndex),
    probabilities: [...probabilities],
    elapsedMs,
  };
}

async function placeHead(ctx: CommandContext): Promise<void> {
  const { artifacts } = ctx.store.getState();
  if (artifacts === null || artifacts.head === null || ctx.session.headOnDevice === artifacts.runId) return;
  await ctx.engine.call('useHead', { key: artifacts.runId, head: artifacts.head, tuned: artifacts.tuned });
  ctx.session.headOnDevice = artifacts.runId;
}
