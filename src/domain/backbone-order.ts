import type { BackboneEntry, BackboneManifest } from './backbone.ts';
import { isChosenByFile } from './backbone-catalogue.ts';

/** A network to try, and one sentence on why it comes at this place. */
export interface BackboneChoice {
  readonly entry: BackboneEntry;
  readonly reason: string;
}

/**
 * The order in which networks are tried at start: the one wanted, self-hosted ones, cached ones,
 * ones to be downloaded, and the bundled one as the last resort. Every entry appears once; one the user brought is tried
 * only when it is wanted, and one that needs a file chosen is left out.
 *
 * @param wantedId the network the project was made with, or the user's last choice; null when there is none.
 * @param entries all networks known, official ones in their order of preference.
 * @param cachedIds official networks whose files are already in this browser.
 */
export function orderBackbones(
  wantedId: string | null,
  entries: readonly BackboneEntry[],
  cachedIds: readonly string[],
): readonly BackboneChoice[] {
  const of = (origin: BackboneEntry['origin']) => entries.filter((entry) => entry.origin === origin);
  const cached = new Set(cachedIds);
  const isCached = ({ manifest }: BackboneEntry) => cached.has(manifest.id);
  const choices = [
    ...because(
      entries.filter(({ manifest }) => manifest.id === wantedId),
      'It is the one in use last time, so features already computed stay valid.',
    ),
    ...because(of('self-hosted').toSorted(byPreference), 'It lies beside this page, so nothing has to be downloaded.'),
    ...because(of('official').filter(isCached), 'It was downloaded before and is kept in this browser.'),
    ...because(
      of('official').filter((entry) => !isCached(entry)),
      'It comes from its official source.',
    ),
    ...because(of('bundled'), 'It comes with Graft and works without a network.'),
  ];
  return choices.filter(
    ({ entry }, index) => !isChosenByFile(entry) && choices.findIndex((other) => other.entry === entry) === index,
  );
}

function because(entries: readonly BackboneEntry[], reason: string): BackboneChoice[] {
  return entries.map((entry) => ({ entry, reason }));
}

/** MobileNet v2 before others, then the larger, then by id backwards: sizes may be unknown, and 1.0 is better than 0.35. */
function byPreference({ manifest: a }: BackboneEntry, { manifest: b }: BackboneEntry): number {
  const rank = (manifest: BackboneManifest) => (manifest.family === 'mobilenet-v2' ? 0 : 1);
  return rank(a) - rank(b) || b.sizeBytes - a.sizeBytes || (a.id < b.id ? 1 : -1);
}
