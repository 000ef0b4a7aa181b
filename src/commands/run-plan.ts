import type { BackboneReport } from '../domain/backbone.ts';
import type { ClassLabel, ImageItem } from '../domain/dataset.ts';
import type { HeadWeights } from '../domain/head.ts';
import type { Project } from '../domain/project.ts';
import type { Run, RunKind } from '../domain/run.ts';
import type { ResolvedSettings } from '../domain/settings.ts';
import type { Teaching } from '../domain/teaching.ts';
import type { TunedStart } from '../domain/tuned-stages.ts';
import type { TrainingRows } from '../engine/contract.ts';

/** What one run is made of, fixed at its start: edits made meanwhile belong to the next one. */
export interface RunPlan {
  readonly project: Project;
  /** Computes everything of the run, and is stored with it. */
  readonly backbone: BackboneReport;
  /** Classes with training images, in the project's order: the order of the head's outputs. */
  readonly classes: readonly ClassLabel[];
  readonly items: readonly ImageItem[];
  readonly rows: Required<TrainingRows>;
  readonly settings: ResolvedSettings;
  readonly kind: RunKind;
  readonly startedAtMs: number;
  /** Classes without a training image, and how many images of them take no part. */
  readonly leftOut: Run['leftOut'];
  /** What a teacher says of every row; null without one. */
  readonly teaching: Teaching | null;
  /** The run's note at first. */
  readonly note: string;
  /** The run it goes on from; null for random weights. */
  readonly continuedFromRunId: string | null;
  /** The head of that run with its outputs in the order of `classes`; null with `continuedFromRunId`. */
  readonly initialHead: HeadWeights | null;
  /** That run's tuned stages, which are trained further with the head; null where it has none. */
  readonly tunedStart: TunedStart | null;
}
