import type { BackendName } from '../engine/contract.ts';
import { listBackbones, loadFirstBackbone } from './backbones.ts';
import type { CommandContext } from './context.ts';
import { runJob } from './job.ts';
import { notify, reportFailure } from './notices.ts';
import { tellOfOtherNetwork } from './project-network.ts';
import { dropUnused } from './projects.ts';
import { refreshStorageUse } from './storage-use.ts';

const BACKENDS: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

function asBackend(name: string | null): BackendName | null {
  return BACKENDS.find((backend) => backend === name) ?? null;
}

/**
 * Starts the engine once the project is open, then loads a network. Failures are shown; what works stays usable.
 *
 * @param opened resolves when the project is open.
 * @throws what kept the project, the engine or its network from starting, after it was shown.
 */
export async function startUp(ctx: CommandContext, opened: Promise<void>, queryBackend: string | null): Promise<void> {
  try {
    const wanted = asBackend(queryBackend) ?? asBackend(await ctx.storage.meta.get('backend'));
    // Side by side both would take longer, and what one waits for first is to see one's images.
    await opened;
    await ctx.engine.call('start', { wanted });
    await listBackbones(ctx);
    await loadFirstBackbone(ctx);
    tellOfOtherNetwork(ctx);
    await dropUnused(ctx);
    await refreshStorageUse(ctx);
  } catch (error) {
    reportFailure(ctx.store, error);
    throw error;
  }
}

/** Computes on another backend from now on, also after a reload; null lets the probe choose. */
export async function chooseBackend(ctx: CommandContext, backend: BackendName | null): Promise<void> {
  const outcome = await runJob(ctx, 'device', { progress: null }, async () => {
    await ctx.storage.meta.set('backend', backend);
    await ctx.engine.call('start', { wanted: backend });
    ctx.session.headOnDevice = null;
  });
  if (outcome.kind === 'refused') notify(ctx.store, 'warning', 'The backend stays as it is.', outcome.reason);
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
  if (outcome.kind === 'done') await loadFirstBackbone(ctx);
}
