import { type BackboneEntry, type BackboneManifest, type BackboneReport, backboneRef } from '../domain/backbone.ts';
import { catalogueFacts, OFFICIAL_BACKBONES, RECOMMENDED_BACKBONE_ID } from '../domain/backbone-catalogue.ts';
import { type BackboneChoice, orderBackbones } from '../domain/backbone-order.ts';
import { readBackboneManifest, readBundledBackbones, readSelfHostedBackbones } from '../schemas/backbone-manifest.ts';
import type { Download } from '../state/app-state.ts';
import type { CommandContext } from './context.ts';
import { type JobHandle, jobsEnded, type Outcome, runJob } from './job.ts';
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

/** Loads the first backbone that works, in the order of preference; the bundled one is always last. */
export async function loadFirstBackbone(ctx: CommandContext): Promise<void> {
  const { project, backbones } = ctx.store.getState();
  const wanted = project?.network?.id ?? (await ctx.storage.meta.get('backbone'));
  const choices = orderBackbones(wanted, backbones.entries, backbones.cachedIds);
  for (const choice of choices.filter(({ entry }) => entry.origin !== 'official' || isCached(ctx, entry))) {
    const outcome = await loadNetwork(ctx, choice);
    // Another one was asked for meanwhile.
    if (outcome.kind === 'cancelled') return;
    if (outcome.kind === 'done') break;
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
  const { kind } = await loadNetwork(ctx, {
    entry: recommended,
    reason: 'Downloaded from its official source just now.',
  });
  // Given up for a training run or a comparison is not out of reach.
  if (kind !== 'failed' || ctx.store.getState().backbones.current?.id !== inUse.manifest.id) return;
  setReason(ctx, `It comes with Graft; ${recommended.manifest.name} could not be reached.`);
}

function setReason(ctx: CommandContext, currentReason: string): void {
  ctx.store.setState((state) => ({ backbones: { ...state.backbones, currentReason } }));
}

/**
 * Switches to a backbone the user chose; the one in use stays until the new one works. Features are computed anew
 * where there are none cached, nothing else is lost.
 */
export async function switchBackbone(
  ctx: CommandContext,
  id: string,
  cancelledBy?: AbortSignal,
): Promise<Outcome<BackboneReport>> {
  const entry = ctx.store.getState().backbones.entries.find(({ manifest }) => manifest.id === id);
  if (entry === undefined) return { kind: 'refused', reason: `There is no backbone “${id}”.` };
  const outcome = await loadNetwork(ctx, { entry, reason: 'You chose it.' }, cancelledBy);
  if (outcome.kind === 'refused') notify(ctx.store, 'warning', 'The backbone in use stays.', outcome.reason);
  if (outcome.kind === 'done') {
    await ctx.storage.meta.set('backbone', id).catch((error: unknown) => reportFailure(ctx.store, error));
  }
  return outcome;
}

/**
 * Loads a backbone in place of the one in use, which stays when this one does not work or is cancelled; a load under way
 * is given up. Why it failed is in `backbones.lastError`, too.
 */
export async function loadNetwork(
  ctx: CommandContext,
  choice: BackboneChoice,
  cancelledBy?: AbortSignal,
): Promise<Outcome<BackboneReport>> {
  const { id, sizeBytes } = choice.entry.manifest;
  const progress = { id, progress: { loadedBytes: 0, totalBytes: sizeBytes, stage: 'downloading' } } as const;
  const options = { progress, ...(cancelledBy === undefined ? {} : { cancelledBy }) };
  const outcome = await runJob(ctx, 'backbone', options, (job) => prepareAndActivate(ctx, choice, job));
  const lastError = outcome.kind === 'failed' ? { id, message: `${outcome.title} ${outcome.advice}` } : null;
  ctx.store.setState((state) => ({ backbones: { ...state.backbones, lastError } }));
  if (outcome.kind === 'done') {
    await refreshCachedIds(ctx).catch((error: unknown) => reportFailure(ctx.store, error));
  }
  return outcome;
}

/**
 * A cancel counts until the backbone is activated. From then on it is the engine's, so it is shown whatever has happened
 * since.
 * @throws DOMException 'AbortError'; what the engine throws.
 */
async function prepareAndActivate(
  ctx: CommandContext,
  { entry, reason }: BackboneChoice,
  { signal, report }: JobHandle<'backbone'>,
): Promise<BackboneReport> {
  const { id } = entry.manifest;
  const onEvent = (progress: Download) => report({ id, progress });
  try {
    const prepared = await ctx.engine.call('prepareBackbone', { entry }, { signal, onEvent });
    // A download that is being packed reads the backbone in use several times.
    await jobsEnded(ctx, ['export'], signal);
    signal.throwIfAborted();
    // Without the signal: a caller that no longer waits would not know which backbone the engine holds.
    const activated = ctx.engine.call('activateBackbone', { backbone: backboneRef(prepared) }).then(() => {
      ctx.store.setState((state) => ({
        backbones: { ...state.backbones, current: prepared, currentReason: reason, lastError: null },
      }));
    });
    ctx.session.activation = activated.catch(() => undefined);
    await activated;
    return prepared;
  } catch (error) {
    // The answer may have been on its way when the call was cancelled.
    if (signal.aborted) discardPrepared(ctx);
    throw error;
  }
}

function discardPrepared(ctx: CommandContext): void {
  // An engine that has ended holds nothing; the next call tells of it.
  ctx.engine.call('discardBackbone', null).catch(() => undefined);
}

async function refreshCachedIds(ctx: CommandContext): Promise<void> {
  const cachedIds = await ctx.engine.call('cachedBackbones', null);
  ctx.store.setState((state) => ({ backbones: { ...state.backbones, cachedIds } }));
}
