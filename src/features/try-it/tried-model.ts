import type { ClassLabel } from '../../domain/dataset.ts';
import type { ResizeMode } from '../../domain/project.ts';

/** What is tried: a run, or class averages before the first. */
export interface TriedModel {
  /** Another one means other answers. */
  readonly id: string;
  readonly classes: readonly ClassLabel[];
  readonly resizeMode: ResizeMode;
}
