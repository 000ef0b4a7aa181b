import { type BackboneEntry, type BackboneManifest, type BackboneReport, backboneRef } from '../domain/backbone.ts';
import { catalogueFacts, OFFICIAL_BACKBONES, RECOMMENDED_BACKBONE_ID } from '../domain/backbone-catalogue.ts';
import { type BackboneChoice, orderBackbones } from '../domain/backbone-order.ts';
import { readBackboneManifest, readBundledBackbones, readSelfHostedBackbones } from '../schemas/backbone-manifest.ts';
import type { CommandContext } from './context.ts';
import { errorText, isAbort } from './error-text.ts';
import { notify, reportFailure } from './notices.ts';

/** Reads which networks lie beside the page and adds the official ones. */
export async function listBackbones(ctx: CommandContext): Promise<void> {
  const bundled = readBundledBackbones(await fetchJson(ctx, 'backbones/index.json'));
  const selfHosted = readSelfHostedBackbones(await fetchJson(ctx, 'backbones/self-hosted.json'));
  for (const problem of selfHosted.problems)
    notify(ctx.store, 'warning', 'A self-hosted network is left out.', problem);
  const entries = [
    ...selfHosted.manifests.map((manifest) => beside(ctx, manifest, 'self-hosted')),
    ...bundled.map((manifest) => beside(ctx, manifest, 'bundled')),
    ...OFFICIAL_BACKBONES,
  ];
  ctx.store.setState((state) => ({ backbones: { ...state.backbones, entries } }));
  await refreshOwnBackbones(ctx);
}

/** Reads again which networks the user brought, and which files are in this browser. */
export async function refreshOwnBackbones(ctx: CommandContext): Promise<void> {
  const own = (await ctx.engine.call('ownNetworks', null)).flatMap(asOwnEntry);
  const cachedIds = await ctx.engine.call('cachedBackbones', null);
  ctx.store.setState(({ backbones }) => {
    const others = backbones.entries.filter(({ origin }) => origin !== 'own');
    return { backbones: { ...backbones, entries: [...own, ...others], cachedIds } };
  });
}

/** What was kept may be of an older version of the page; a manifest that cannot be read any more is left out. */
function asOwnEntry(raw: unknown): BackboneEntry[] {
  try {
    return [{ manifest: readBackboneManifest(raw), origin: 'own', urls: [] }];
  } catch {
    return [];
  }
}

async function fetchJson(ctx: CommandContext, path: string): Promise<unknown> {
  const response = await fetch(new URL(path, ctx.pageUrl));
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
  return await response.json();
}

function beside(ctx: CommandContext, manifest: BackboneManifest, origin: 'bundled' | 'self-hosted'): BackboneEntry {
  const url = new URL(`backbones/${manifest.id}/${encodeURIComponent(manifest.file ?? 'model.json')}`, ctx.pageUrl);
  const facts = catalogueFacts(manifest.id);
  return { manifest, origin, urls: [url.href], ...(facts === null ? {} : { facts }) };
}

/** Loads the first network that works, in the order of preference; the bundled one is always last. */
export async function loadFirstBackbone(ctx: CommandContext): Promise<void> {
  const { project, backbones } = ctx.store.getState();
  const wanted = project?.network?.id ?? (await ctx.storage.meta.get('backbone'));
  const choices = orderBackbones(wanted, backbones.entries, backbones.cachedIds);
  for (const choice of choices.filter(({ entry }) => entry.origin !== 'official' || isCached(ctx, entry))) {
    const report = await loadNetwork(ctx, choice);
    // Another one was asked for meanwhile.
    if (ctx.session.backboneLoad !== null) return;
    if (report !== null) break;
  }
  void fetchRecommended(ctx);
}

function isCached(ctx: CommandContext, entry: BackboneEntry): boolean {
  return ctx.store.getState().backbones.cachedIds.includes(entry.manifest.id);
}

/** With only the bundled network at hand and nothing computed yet, tries to fetch the better one meanwhile. */
async function fetchRecommended(ctx: CommandContext): Promise<void> {
  const { backbones, project } = ctx.store.getState();
  const recommended = backbones.entries.find(({ manifest }) => manifest.id === RECOMMENDED_BACKBONE_ID);
  const inUse = backbones.entries.find(({ manifest }) => manifest.id === backbones.current?.id);
  if (recommended === undefined || inUse?.origin !== 'bundled') return;
  if (project === null || project.dataset.images.size > 0 || project.network !== null) return;
  const report = await loadNetwork(ctx, {
    entry: recommended,
    reason: 'Downloaded from its official source just now.',
  });
  const { current, lastError } = ctx.store.getState().backbones;
  // Given up for a training run or a comparison is not out of reach.
  if (report !== null || lastError === null || current?.id !== inUse.manifest.id) return;
  setReason(ctx, `It comes with Graft; ${recommended.manifest.name} could not be reached.`);
}

function setReason(ctx: CommandContext, currentReason: string): void {
  ctx.store.setState((state) => ({ backbones: { ...state.backbones, currentReason } }));
}

/**
 * Switches to a network the user chose; the one in use stays until the new one works. Features are computed anew
 * where there are none cached, nothing else is lost.
 * @returns null when it failed or was cancelled; the reason is in `backbones.lastError`.
 */
export async function switchBackbone(ctx: CommandContext, id: string): Promise<BackboneReport | null> {
  const entry = ctx.store.getState().backbones.entries.find(({ manifest }) => manifest.id === id);
  if (entry === undefined) return null;
  if (ctx.session.training !== null) {
    notify(ctx.store, 'warning', 'A training run is using the network.', 'Switch when it has ended, or stop it first.');
    return null;
  }
  if (ctx.session.comparing !== null) {
    notify(ctx.store, 'warning', 'A comparison of networks is running.', 'Switch when it has ended, or stop it first.');
    return null;
  }
  const report = await loadNetwork(ctx, { entry, reason: 'You chose it.' });
  const isInUse = report !== null && ctx.store.getState().backbones.current === report;
  if (isInUse) await ctx.storage.meta.set('backbone', id);
  return report;
}

/**
 * Loads a network in place of the one in use, which stays when this one does not work or is cancelled; a load under way
 * is given up.
 * @returns null when it failed, with the reason in `backbones.lastError`, or was cancelled.
 */
export async function loadNetwork(ctx: CommandContext, choice: BackboneChoice): Promise<BackboneReport | null> {
  ctx.session.backboneLoad?.abort();
  const cancel = new AbortController();
  ctx.session.backboneLoad = cancel;
  const isLatest = () => ctx.session.backboneLoad === cancel;
  const { id, sizeBytes } = choice.entry.manifest;
  showLoading(ctx, id, { loadedBytes: 0, totalBytes: sizeBytes, stage: 'downloading' });
  try {
    const report = await prepareAndActivate(ctx, choice, cancel.signal);
    await refreshCachedIds(ctx).catch((error: unknown) => reportFailure(ctx.store, error));
    return report;
  } catch (error) {
    const { title, advice } = errorText(error);
    const isCancelled = isAbort(error) || cancel.signal.aborted;
    const lastError = isCancelled ? null : { id, message: `${title} ${advice}` };
    if (isLatest()) {
      // The answer may have been on its way when the call was cancelled. A load that followed does this by itself.
      if (isCancelled) discardPrepared(ctx);
      ctx.store.setState((state) => ({ backbones: { ...state.backbones, lastError } }));
    }
    return null;
  } finally {
    if (isLatest()) {
      ctx.session.backboneLoad = null;
      ctx.store.setState((state) => ({ backbones: { ...state.backbones, loading: null } }));
    }
  }
}

/**
 * A cancel counts until the backbone is activated. From then on it is the engine's, so it is shown whatever has happened
 * since.
 * @throws DOMException 'AbortError'; what the engine throws.
 */
async function prepareAndActivate(
  ctx: CommandContext,
  { entry, reason }: BackboneChoice,
  signal: AbortSignal,
): Promise<BackboneReport> {
  const onEvent = (progress: Progress) => showLoading(ctx, entry.manifest.id, progress);
  const report = await ctx.engine.call('prepareBackbone', { entry }, { signal, onEvent });
  signal.throwIfAborted();
  // Without the signal: a caller that no longer waits would not know which backbone the engine holds.
  const activated = ctx.engine.call('activateBackbone', { backbone: backboneRef(report) }).then(() => {
    ctx.store.setState((state) => ({
      backbones: { ...state.backbones, current: report, currentReason: reason, lastError: null },
    }));
  });
  ctx.session.activation = activated.catch(() => undefined);
  await activated;
  return report;
}

function discardPrepared(ctx: CommandContext): void {
  // An engine that has ended holds nothing; the next call tells of it.
  ctx.engine.call('discardBackbone', null).catch(() => undefined);
}

async function refreshCachedIds(ctx: CommandContext): Promise<void> {
  const cachedIds = await ctx.engine.call('cachedBackbones', null);
  ctx.store.setState((state) => ({ backbones: { ...state.backbones, cachedIds } }));
}

type Progress = {
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly stage: 'downloading' | 'checking' | 'folding' | 'warming-up';
};

function showLoading(ctx: CommandContext, id: string, progress: Progress): void {
  ctx.store.setState((state) => ({ backbones: { ...state.backbones, loading: { id, progress } } }));
}
