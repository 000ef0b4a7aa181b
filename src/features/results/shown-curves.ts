import { isBackAtOrigin } from '../../domain/fine-tune-guard.ts';
import { isFittedAgain } from '../../domain/kept-head-words.ts';
import { confusionMatrix } from '../../domain/metrics/confusion.ts';
import { predictedIndices, rowsOfPart } from '../../domain/metrics/predicted.ts';
import type { Predictions, Run, RunArtifacts } from '../../domain/run.ts';
import type { LiveState, TrainingState } from '../../state/app-state.ts';

/** What the Live tab draws: a run under way, or the current run at the epoch that was kept. */
export interface ShownCurves extends LiveState {
  /** Position of the epoch whose weights the model has; null while a run is under way, or where none of its epochs was kept. */
  readonly keptEpochIndex: number | null;
}

/** @param run the current one. @param artifacts of the current run; those of another count as not loaded. */
export function shownCurves(
  training: TrainingState,
  live: LiveState | null,
  run: Run | null,
  artifacts: RunArtifacts | null,
): ShownCurves | null {
  if (training.kind !== 'idle' || run === null) return live === null ? null : { ...live, keptEpochIndex: null };
  const part = run.partCounts.validation > 0 ? 'validation' : 'train';
  return {
    epochs: run.curves,
    epochCount: run.curves.length,
    confusion: artifacts?.runId === run.id ? confusionOf(artifacts.predictions, part) : [],
    confusionPart: part,
    classNames: run.classes.map(({ name }) => name),
    classColorIndices: run.classes.map(({ colorIndex }) => colorIndex),
    keptEpochIndex: keptEpochIndex(run),
  };
}

/** Null for a run whose model is of none of its epochs: of the run it goes on from, of averages, of another head, or fitted again. */
export function keptEpochIndex(run: Run): number | null {
  const { curves, bestEpochIndex, guard, fallback, classifier } = run;
  const hasTunedStages = guard?.kept ?? false;
  const isOtherHead =
    fallback !== null || (classifier !== null && classifier.chosen !== classifier.curvesOf) || isFittedAgain(run);
  if (isBackAtOrigin(guard) || (isOtherHead && !hasTunedStages)) return null;
  return bestEpochIndex < curves.length ? bestEpochIndex : null;
}

function confusionOf(predictions: Predictions, part: 'validation' | 'train'): readonly number[] {
  const rows = rowsOfPart(predictions, part);
  const predicted = predictedIndices(predictions);
  const { counts } = confusionMatrix(
    rows.map((row) => predictions.classIndices[row] ?? 0),
    rows.map((row) => predicted[row] ?? 0),
    predictions.classCount,
  );
  return [...counts];
}
