import { type FoldScores, type Spread, spreadOf } from '../domain/cross-validation.ts';
import type { Run } from '../domain/run.ts';
import type { CrossValidationSummary, FoldSpread } from './graft-api.ts';

/** A run of kind 'cross-validation' as scripts get it. */
export function summariseCrossValidation({
  id,
  classes,
  crossValidation,
  scores,
  seconds,
}: Run): CrossValidationSummary {
  const judged = crossValidation ?? { foldCount: 0, folds: [] };
  const over = (ratioOf: (fold: FoldScores) => number | undefined) => asSummary(spreadOf(judged, ratioOf));
  const always = (ratioOf: (fold: FoldScores) => number) => over(ratioOf) ?? { mean: 0, spread: 0 };
  return {
    runId: id,
    foldCount: judged.foldCount,
    judgedFoldCount: judged.folds.length,
    stagesKeptFoldCount: stagesKeptCount(judged.folds),
    imageCount: scores.testCount,
    accuracy: always((fold) => fold.accuracyRatio),
    macroPrecision: always((fold) => fold.macroPrecisionRatio),
    macroRecall: always((fold) => fold.macroRecallRatio),
    macroF1: always((fold) => fold.macroF1Ratio),
    perClass: classes.map(({ name }, classIndex) => ({
      className: name,
      precision: over((fold) => fold.precisionRatios[classIndex]),
      recall: over((fold) => fold.recallRatios[classIndex]),
      f1: over((fold) => fold.f1Ratios[classIndex]),
    })),
    seconds: seconds.features + seconds.training + seconds.evaluation,
  };
}

function asSummary(spread: Spread | null): FoldSpread | null {
  return spread === null ? null : { mean: spread.meanRatio, spread: spread.spreadRatio };
}

/** Null where no stage was trained. */
function stagesKeptCount(folds: readonly FoldScores[]): number | null {
  const isNever = folds.every(({ stagesKept }) => stagesKept === null);
  return isNever ? null : folds.filter(({ stagesKept }) => stagesKept).length;
}
