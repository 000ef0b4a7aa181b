import type { BackboneEntry, BackboneReport } from '../domain/backbone.ts';
import { isChosenByFile } from '../domain/backbone-catalogue.ts';
import type { ProjectNetwork } from '../domain/project.ts';
import type { BackbonesState } from '../state/app-state.ts';
import { loadNetwork } from './backbones.ts';
import type { CommandContext } from './context.ts';
import { notify } from './notices.ts';

/**
 * Loads the network the open project was made with, when it is at hand; otherwise the one in use stays and a notice
 * names the one that is missing. Before the networks are listed this does nothing: the start does it then.
 */
export async function loadProjectNetwork(ctx: CommandContext): Promise<void> {
  const { project, backbones } = ctx.store.getState();
  if (project === null || project.network === null || backbones.entries.length === 0) return;
  const { id } = project.network;
  const entry = backbones.entries.find(({ manifest }) => manifest.id === id);
  if (entry !== undefined && backbones.current?.id !== id && isAtHand(entry, backbones)) {
    const outcome = await loadNetwork(ctx, { entry, reason: 'This project was made with it.' });
    if (outcome.kind === 'cancelled' || ctx.store.getState().project?.id !== project.id) return;
    if (outcome.kind === 'refused') {
      const title = `This project was made with ${entry.manifest.name}, which was not loaded now.`;
      notify(ctx.store, 'warning', title, `${outcome.reason} Then choose it under Backbone.`);
      return;
    }
  }
  tellOfOtherNetwork(ctx);
}

function isAtHand({ origin, manifest }: BackboneEntry, { cachedIds }: BackbonesState): boolean {
  return origin !== 'official' || cachedIds.includes(manifest.id);
}

/** Says so when the network in use is not the one the open project was made with. */
export function tellOfOtherNetwork(ctx: CommandContext): void {
  const { project, backbones, runs } = ctx.store.getState();
  const { current } = backbones;
  if (project === null || project.network === null || current === null) return;
  const { id, sha256 } = project.network;
  const name = runs.findLast(({ backbone }) => backbone.id === id)?.backbone.name ?? project.network.name;
  const wanted = { id, name, sha256 };
  if (current.id !== id) tellMissing(ctx, wanted, backbones, current);
  else if (sha256 !== null && sha256 !== current.sha256) tellChanged(ctx, wanted, current);
}

function tellMissing(
  ctx: CommandContext,
  wanted: ProjectNetwork,
  { entries, lastError }: BackbonesState,
  current: BackboneReport,
): void {
  const entry = entries.find(({ manifest }) => manifest.id === wanted.id);
  const failure = lastError?.id === wanted.id ? `${lastError.message} ` : '';
  const what =
    entry?.origin === 'official' && !isChosenByFile(entry)
      ? 'Download it under Backbone'
      : 'Bring its file under Backbone, or open a project file that was saved where the network is';
  notify(
    ctx.store,
    'warning',
    `This project was made with ${label(wanted)}, which is not at hand here.`,
    `${failure}${current.name} stays in use; images, labels and runs are kept. ${what}, to use its runs or train on with it.`,
  );
}

function tellChanged(ctx: CommandContext, wanted: ProjectNetwork, current: BackboneReport): void {
  notify(
    ctx.store,
    'warning',
    `This project was made with ${label(wanted)}; the files of that name here are others (${short(current.sha256)}).`,
    'Its runs may answer differently here. Train again, or bring the files it was made with under Backbone.',
  );
}

/** Enough of a SHA-256 for a person to compare. */
function short(sha256: string): string {
  return `SHA-256 ${sha256.slice(0, 12)}…`;
}

function label({ name, sha256 }: ProjectNetwork): string {
  return sha256 === null ? name : `${name} (${short(sha256)})`;
}
