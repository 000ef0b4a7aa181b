import type { BackboneEntry } from '../../domain/backbone.ts';
import { FAMILY_NAMES } from '../../domain/backbone-catalogue.ts';

/** Networks that are shown under one heading. */
export interface BackboneGroup {
  readonly title: string;
  readonly entries: readonly BackboneEntry[];
}

const OWN = 'Yours';
const OTHER = 'Others';

/** The user's own first, then one group a family in the order of the catalogue, then families it does not know. */
export function groupBackbones(entries: readonly BackboneEntry[]): readonly BackboneGroup[] {
  const titles = [OWN, ...FAMILY_NAMES.values(), OTHER];
  return titles
    .map((title) => ({ title, entries: entries.filter((entry) => titleOf(entry) === title) }))
    .filter((group) => group.entries.length > 0);
}

function titleOf({ origin, manifest }: BackboneEntry): string {
  return origin === 'own' ? OWN : (FAMILY_NAMES.get(manifest.family) ?? OTHER);
}
