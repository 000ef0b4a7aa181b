import type { BackboneEntry } from '../../domain/backbone.ts';
import { isChosenByFile } from '../../domain/backbone-catalogue.ts';

/** Where a network's files are now, in a few words. */
export function backbonePlace(entry: BackboneEntry, isCached: boolean): string {
  switch (entry.origin) {
    case 'bundled':
      return 'Comes with Graft';
    case 'self-hosted':
      return 'Beside this page';
    case 'own':
      return 'Yours, in this browser';
    case 'official':
      if (isCached) return 'Kept in this browser';
      return isChosenByFile(entry) ? 'You choose the file' : 'To download';
  }
}
