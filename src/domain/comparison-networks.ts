import type { BackboneEntry, BackboneReport } from './backbone.ts';
import type { Comparison } from './comparison.ts';
import { estimatedMegaMacs, type KnownSpeeds } from './comparison-cost.ts';

/** Networks that can be compared, cheap ones first, so that there is soon something to see. */
export function comparableNetworks(entries: readonly BackboneEntry[]): readonly BackboneEntry[] {
  return entries.filter(({ urls }) => urls.length > 0).toSorted(byCost);
}

/** Those that need no download. */
export function networksAtHand(
  entries: readonly BackboneEntry[],
  cachedIds: readonly string[],
): readonly BackboneEntry[] {
  return comparableNetworks(entries).filter(
    ({ origin, manifest }) => origin !== 'official' || cachedIds.includes(manifest.id),
  );
}

function byCost(one: BackboneEntry, other: BackboneEntry): number {
  const [cost, otherCost] = [costOf(one), costOf(other)];
  return cost === otherCost ? one.manifest.sizeBytes - other.manifest.sizeBytes : cost - otherCost;
}

function costOf({ manifest }: BackboneEntry): number {
  return estimatedMegaMacs(manifest) ?? Number.POSITIVE_INFINITY;
}

/** What is known of speeds on this device: from an earlier comparison and from the network in use. */
export function knownSpeeds(
  comparison: Comparison | null,
  backend: string,
  entries: readonly BackboneEntry[],
  current: BackboneReport | null,
): KnownSpeeds {
  const rows = comparison?.device.backend === backend ? comparison.rows : [];
  const manifest = entries.find((entry) => entry.manifest.id === current?.id)?.manifest;
  return {
    measuredMs: new Map(rows.flatMap(({ id, result }) => (result.kind === 'measured' ? [[id, result.batchMs]] : []))),
    inUse: manifest === undefined || current === null ? null : { manifest, msPerImage: current.millisecondsPerImage },
  };
}
