import { choiceSentence, HEAD_WORDS } from './classifier-choice.ts';
import { isBackAtOrigin } from './fine-tune-guard.ts';
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

/** Which weights a run kept, as a sentence. */
export function keptWeightsText(run: Described & Pick<Run, 'guard' | 'bestEpochIndex'>): string {
  const { classifier, fallback, guard, bestEpochIndex } = run;
  if (isBackAtOrigin(guard)) return 'None of them is shown to help: the weights are those of the run it goes on from.';
  if (fallback !== null && !(guard?.kept ?? false)) return FALLBACK_SENTENCES[fallback];
  if (classifier !== null && classifier.chosen !== classifier.curvesOf) {
    return `The epochs are those of ${HEAD_WORDS[classifier.curvesOf]}; the model is ${HEAD_WORDS[classifier.chosen]}.`;
  }
  return `The weights are those of epoch ${bestEpochIndex + 1}.`;
}
