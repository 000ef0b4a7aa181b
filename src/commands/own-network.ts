import type { BackboneManifest, BackboneReport } from '../domain/backbone.ts';
import { CodedError } from '../domain/coded-error.ts';
import { type FoundNetwork, NETWORK_LIMIT_BYTES, type NetworkChoices } from '../domain/found-network.ts';
import { rejectionText } from '../domain/reasons.ts';
import type { BroughtFile } from '../engine/contract.ts';
import type { DroppedFile } from '../files/dropped-file.ts';
import { jobInTheWay } from '../state/job-rules.ts';
import { refreshOwnBackbones, switchBackbone } from './backbones.ts';
import type { CommandContext } from './context.ts';
import { errorText, isAbort } from './error-text.ts';
import { failureOf, type Outcome } from './job.ts';
import { reportFailure } from './notices.ts';
import { openFoundHead } from './open-found-head.ts';

/** A zip with more files than this holds no network. */
const FILE_LIMIT = 3000;

/**
 * Looks at the files of a network and shows what was found, to be changed and used. The network in use stays.
 * Never rejects: a failure is shown in the same window.
 */
export async function bringNetwork(ctx: CommandContext, dropped: AsyncIterable<DroppedFile>): Promise<void> {
  closeBroughtNetwork(ctx);
  const cancel = new AbortController();
  ctx.session.bringing = { cancel, files: [] };
  ctx.store.setState({ ownNetwork: { kind: 'reading' } });
  try {
    const files = await collect(dropped, cancel.signal);
    const found = await ctx.engine.call('inspectNetwork', { files }, { signal: cancel.signal });
    cancel.signal.throwIfAborted();
    ctx.session.bringing = { cancel, files };
    ctx.store.setState({ ownNetwork: { kind: 'found', found, isBusy: false, problem: null } });
  } catch (error) {
    if (cancel.signal.aborted || isAbort(error)) return;
    ctx.store.setState({ ownNetwork: { kind: 'failed', ...errorText(error) } });
  }
}

/** Closes the window; what is still being read is given up. */
export function closeBroughtNetwork(ctx: CommandContext): void {
  ctx.session.bringing?.cancel.abort();
  ctx.session.bringing = null;
  ctx.store.setState({ ownNetwork: null });
}

async function collect(dropped: AsyncIterable<DroppedFile>, signal: AbortSignal): Promise<BroughtFile[]> {
  const files: BroughtFile[] = [];
  let sizeBytes = 0;
  for await (const { path, blob, problem } of dropped) {
    signal.throwIfAborted();
    if (problem !== undefined) throw new CodedError('backbone-corrupt', `${path}: ${rejectionText(problem)}`);
    if (/\.(png|jpe?g|webp|gif|html|md|txt)$/i.test(path)) continue;
    files.push({ name: path, blob });
    sizeBytes += blob.size;
    if (sizeBytes > NETWORK_LIMIT_BYTES) throw new CodedError('backbone-too-large', 'More than 1 GB was chosen.');
    if (files.length > FILE_LIMIT) throw new CodedError('backbone-unsupported', 'There are more than 3,000 files.');
  }
  return files;
}

/**
 * Keeps the backbone that was found and loads it as the user wants it. The one in use stays until it works; when it does
 * not, nothing is kept and the window says why.
 */
export async function useBroughtNetwork(
  ctx: CommandContext,
  choices: NetworkChoices,
  opensHead: boolean,
): Promise<void> {
  const { ownNetwork } = ctx.store.getState();
  const { bringing } = ctx.session;
  if (ownNetwork?.kind !== 'found' || ownNetwork.isBusy || bringing === null) return;
  const { found } = ownNetwork;
  const show = (isBusy: boolean, problem: string | null) => {
    if (ctx.session.bringing === bringing)
      ctx.store.setState({ ownNetwork: { kind: 'found', found, isBusy, problem } });
  };
  show(true, null);
  const manifest = await ownManifest(found, choices);
  const outcome = await keepAndLoad(ctx, bringing.files, manifest, bringing.cancel.signal);
  if (outcome.kind !== 'done') {
    show(false, problemOf(outcome));
    return;
  }
  try {
    if (opensHead && found.head !== null) await openFoundHead(ctx, found.head, outcome.value);
  } catch (error) {
    reportFailure(ctx.store, error);
  }
  if (ctx.session.bringing === bringing) closeBroughtNetwork(ctx);
}

/** What the window says of a backbone that was not loaded; null when the user knows. */
function problemOf(outcome: Exclude<Outcome<unknown>, { readonly kind: 'done' }>): string | null {
  if (outcome.kind === 'failed') return `${outcome.title} ${outcome.advice}`;
  return outcome.kind === 'refused' ? outcome.reason : null;
}

/** Keeps the files and loads the backbone; one that does not load is not kept. */
async function keepAndLoad(
  ctx: CommandContext,
  files: readonly BroughtFile[],
  manifest: BackboneManifest,
  signal?: AbortSignal,
): Promise<Outcome<BackboneReport>> {
  const { backbones, jobs } = ctx.store.getState();
  const reason = jobInTheWay('backbone', jobs);
  if (reason !== null) return { kind: 'refused', reason };
  const isNew = !backbones.entries.some((entry) => entry.manifest.id === manifest.id);
  try {
    await adoptNetwork(ctx, files, manifest, signal);
    const outcome = await switchBackbone(ctx, manifest.id, signal);
    if (outcome.kind !== 'done' && isNew) await removeBackbone(ctx, manifest.id);
    return outcome;
  } catch (error) {
    return failureOf(error);
  }
}

/** The same for scripts, without a window. The backbone in use stays where this one does not load. */
export async function addNetwork(
  ctx: CommandContext,
  dropped: AsyncIterable<DroppedFile>,
  change: Partial<NetworkChoices>,
): Promise<Outcome<BackboneReport>> {
  try {
    const files = await collect(dropped, new AbortController().signal);
    const found = await ctx.engine.call('inspectNetwork', { files });
    const { name, inputSide, pixels, featureLayer } = { ...found, ...change };
    return await keepAndLoad(ctx, files, await ownManifest(found, { name, inputSide, pixels, featureLayer }));
  } catch (error) {
    return failureOf(error);
  }
}

/** Keeps a network in this browser and lists it among the user's own. */
export async function adoptNetwork(
  ctx: CommandContext,
  files: readonly BroughtFile[],
  manifest: BackboneManifest,
  signal?: AbortSignal,
): Promise<void> {
  await ctx.engine.call('keepNetwork', { files, manifest }, signal === undefined ? {} : { signal });
  await refreshOwnBackbones(ctx);
}

/** The same files read in the same way have the same id, and so the same features. */
export async function ownNetworkId(
  sha256: string,
  { inputSide, pixels, featureLayer }: Omit<NetworkChoices, 'name'>,
): Promise<string> {
  const reading = JSON.stringify([sha256, inputSide, pixels, featureLayer]);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(reading)));
  return `own-${Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

async function ownManifest(found: FoundNetwork, choices: NetworkChoices): Promise<BackboneManifest> {
  const { name, inputSide, pixels, featureLayer } = choices;
  return {
    id: await ownNetworkId(found.sha256, choices),
    name: name.trim().slice(0, 200) || found.name.slice(0, 200) || 'Your network',
    family: found.family.slice(0, 100),
    inputSide,
    pixels,
    featureLayer,
    licence: 'not stated',
    source: 'not stated',
    sha256: found.sha256,
    sizeBytes: found.sizeBytes,
  };
}

/** Deletes a network the user brought from this browser. The one in use stays loaded. */
export async function removeBackbone(ctx: CommandContext, id: string): Promise<void> {
  try {
    await ctx.engine.call('forgetNetwork', { id });
    await refreshOwnBackbones(ctx);
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}
