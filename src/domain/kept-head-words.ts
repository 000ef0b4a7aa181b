import { choiceSentence, HEAD_WORDS } from './classifier-choice.ts';
import type { CrossValidation } from './cross-validation.ts';
import { isBackAtOrigin } from './fine-tune-guard.ts';
import type { HeadKind } from './head-settings.ts';
import type { BaselineKind, Run } from './run.ts';

const FALLBACK_SENTENCES: Readonly<Record<BaselineKind, string>> = {
  'class-means':
    'No epoch was better on held-out images than class averages, so the model is these averages. Choose the head Automatic, or a smaller learning rate.',
  'class-prior':
    'No epoch was better on held-out images than always giving each class its share, so that is all the model does. Look at the images and their labels, or choose the head Automatic.',
};

type Described = Pick<Run, 'classifier' | 'fallback'>;

/** What Automatic chose, or why the head is not the one that was trained, as sentences; null where neither is so. */
export function headVerdict({ classifier, fallback }: Described): string | null {
  if (classifier !== null) return choiceSentence(classifier);
  return fallback === null ? null : FALLBACK_SENTENCES[fallback];
}

/** Which heads Automatic chose in the folds of a cross-validation, as a sentence; null where it chose none. */
export function foldHeadsText({ folds }: Pick<CrossValidation, 'folds'>): string | null {
  const counts = new Map<HeadKind, number>();
  for (const { chosenHead } of folds) {
    if (chosenHead !== null) counts.set(chosenHead, (counts.get(chosenHead) ?? 0) + 1);
  }
  const parts = [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .map(([head, count]) => `${HEAD_WORDS[head]} in ${count}`);
  return parts.length === 0 ? null : `Of ${folds.length} folds, Automatic chose ${parts.join(', ')}.`;
}

/**
 * True where Automatic fitted the head that folds chose again, on the validation images, too: the curves are of the fit
 * before, which had not seen them.
 */
export function isFittedAgain({
  classifier,
  partCounts,
  curves,
}: Pick<Run, 'classifier' | 'partCounts' | 'curves'>): boolean {
  const hadValidation = curves.some(({ validationLoss }) => validationLoss !== null);
  return classifier !== null && partCounts.validation === 0 && hadValidation;
}

/** Which weights a run kept, as a sentence. */
export function keptWeightsText(
  run: Described & Pick<Run, 'guard' | 'bestEpochIndex' | 'partCounts' | 'curves'>,
): string {
  const { classifier, fallback, guard, bestEpochIndex } = run;
  if (isBackAtOrigin(guard)) return 'None of them is shown to help: the weights are those of the run it goes on from.';
  if (fallback !== null && !(guard?.kept ?? false)) return FALLBACK_SENTENCES[fallback];
  if (classifier !== null && classifier.chosen !== classifier.curvesOf) {
    return `The epochs are those of ${HEAD_WORDS[classifier.curvesOf]}; the model is ${HEAD_WORDS[classifier.chosen]}.`;
  }
  if (isFittedAgain(run)) {
    return 'The curves are of a fit without the validation images; the model was then fitted on these, too, for they are few.';
  }
  return `The weights are those of epoch ${bestEpochIndex + 1}.`;
}
