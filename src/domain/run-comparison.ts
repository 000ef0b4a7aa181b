import type { ClassLabel, ImageId } from './dataset.ts';
import { mcNemar, type PairedOutcome } from './metrics/mcnemar.ts';
import { predictedIndices } from './metrics/predicted.ts';
import type { Predictions } from './run.ts';

/** What is needed of a run to set it against another. */
export interface JudgedRun {
  readonly classes: readonly ClassLabel[];
  readonly predictions: Predictions;
}

/** Two runs on the test images that both judged: the same image with the same true class. */
export interface RunComparison extends PairedOutcome {
  /** Test images of both, with the same true class in both. */
  readonly sharedCount: number;
  readonly bothRightCount: number;
  readonly bothWrongCount: number;
  /** Test images of both whose class was changed in between; left out. */
  readonly relabelledCount: number;
  /** Test images of the one run that the other learnt from or chose its best epoch by; left out. */
  readonly movedCount: number;
  /** Of those, test images of the second that the first learnt from or chose its best epoch by. */
  readonly movedIntoTestCount: number;
}

/** What a run says of one image. */
interface Verdict {
  readonly isTest: boolean;
  readonly classId: string;
  readonly isRight: boolean;
}

/**
 * Sets two runs against each other by McNemar's test. Only images that were test images of both count: elsewhere one of
 * the two has seen the answer.
 */
export function compareJudged(first: JudgedRun, second: JudgedRun): RunComparison {
  const [firstVerdicts, secondVerdicts] = [verdicts(first), verdicts(second)];
  let [relabelledCount, movedCount, movedIntoTestCount] = [0, 0, 0];
  const pairs: { readonly one: boolean; readonly other: boolean }[] = [];
  for (const [imageId, one] of firstVerdicts) {
    const other = secondVerdicts.get(imageId);
    if (other === undefined || !(one.isTest || other.isTest)) continue;
    if (one.isTest !== other.isTest) {
      movedCount += 1;
      if (other.isTest) movedIntoTestCount += 1;
    } else if (one.classId !== other.classId) relabelledCount += 1;
    else pairs.push({ one: one.isRight, other: other.isRight });
  }
  const count = (one: boolean, other: boolean) =>
    pairs.filter((pair) => pair.one === one && pair.other === other).length;
  return {
    ...mcNemar(count(true, false), count(false, true)),
    sharedCount: pairs.length,
    bothRightCount: count(true, true),
    bothWrongCount: count(false, false),
    relabelledCount,
    movedCount,
    movedIntoTestCount,
  };
}

function verdicts({ classes, predictions }: JudgedRun): Map<ImageId, Verdict> {
  const predicted = predictedIndices(predictions);
  const rows = predictions.imageIds.map((imageId, row): [ImageId, Verdict] => {
    const trueIndex = predictions.classIndices[row] ?? 0;
    const verdict = {
      isTest: predictions.parts[row] === 'test',
      classId: classes[trueIndex]?.id ?? '',
      isRight: predicted[row] === trueIndex,
    };
    return [imageId, verdict];
  });
  return new Map(rows);
}
