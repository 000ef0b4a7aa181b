import type { Comparison } from './comparison.ts';
import type { Dataset } from './dataset.ts';
import type { SearchRecord } from './search-record.ts';
import type { TrainingSettings } from './settings.ts';
import type { SplitSettings } from './split.ts';

/** How an image becomes a square: the same in training, try-out and export. */
export type ResizeMode = 'crop' | 'squash' | 'pad';

/** Which network a project was made with, so that it can be named where it is missing. */
export interface ProjectNetwork {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of its files; null for a project from before this was kept. */
  readonly sha256: string | null;
}

/** What a user opens, names and saves. Runs are kept beside it, keyed by `id`. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly dataset: Dataset;
  readonly settings: TrainingSettings;
  readonly split: SplitSettings;
  readonly resizeMode: ResizeMode;
  /** The network the project was last trained with; null before the first time. */
  readonly network: ProjectNetwork | null;
  readonly currentRunId: string | null;
  /** Networks compared on these photos; null before the first time. */
  readonly comparison: Comparison | null;
  /** The last search for settings, finished or not; null before the first. */
  readonly search: SearchRecord | null;
  /** True to keep class averages current while nothing is trained, so that Try it answers as images come. */
  readonly answersWhileAdding: boolean;
}

/** One line of the list of projects. */
export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  readonly updatedAtMs: number;
  readonly imageCount: number;
  readonly classCount: number;
}
