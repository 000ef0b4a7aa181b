import type { ResizeMode } from './project.ts';
import type { SearchPlan, SearchResult, SettingsChange } from './search.ts';
import type { TrainingSettings } from './settings.ts';

/** A search as a project keeps it, finished or not: every result is written as soon as it is there. */
export interface SearchRecord {
  readonly plan: SearchPlan;
  /** Settings of the project when it began; a candidate changes some of them. */
  readonly settings: TrainingSettings;
  readonly candidates: readonly SettingsChange[];
  readonly results: readonly SearchResult[];
  /** What it was made on; with anything else it cannot go on. */
  readonly basis: {
    readonly datasetFingerprint: string;
    readonly backboneId: string;
    /** Null for a search from before this was kept: then the id alone decides. */
    readonly backboneSha256: string | null;
    readonly resizeMode: ResizeMode;
  };
  readonly startedAtMs: number;
  /** Time spent training, over all sittings, ms. */
  readonly elapsedMs: number;
  /** The run with the best settings, tested once; null while there is none. */
  readonly runId: string | null;
}

/** True when the results of a search hold for what is there now. */
export function isSameSearchBasis(one: SearchRecord['basis'], other: SearchRecord['basis']): boolean {
  return (
    one.datasetFingerprint === other.datasetFingerprint &&
    one.backboneId === other.backboneId &&
    isSameOrUnknown(one.backboneSha256, other.backboneSha256) &&
    one.resizeMode === other.resizeMode
  );
}

function isSameOrUnknown(one: string | null, other: string | null): boolean {
  return one === null || other === null || one === other;
}
