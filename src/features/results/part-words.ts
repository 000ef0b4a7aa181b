import type { Part } from '../../domain/dataset.ts';
import { hasNoModel, type Run } from '../../domain/run.ts';

export interface PartWords {
  /** On buttons and in titles. */
  readonly name: string;
  /** In sentences: "75 test images". */
  readonly adjective: string;
  /** What a score on this part is worth. */
  readonly meaning: string;
}

/** One wording of the three parts everywhere under the results. */
export const PART_WORDS: Readonly<Record<Part, PartWords>> = {
  test: {
    name: 'Test',
    adjective: 'test',
    meaning: 'Held out: the model has never seen these images, and nothing was tuned on them.',
  },
  validation: {
    name: 'Validation',
    adjective: 'validation',
    meaning: 'Not learnt from, but used to decide when to stop, so this score is likely too good.',
  },
  train: {
    name: 'Training',
    adjective: 'training',
    meaning:
      'The images the model learnt from. This score says how well it remembers them, not how well it will do on new ones.',
  },
};

const CROSS_VALIDATED: PartWords = {
  name: 'Cross-validated',
  adjective: 'held-out',
  meaning:
    'Every image was held out once, and judged by a model that had learnt from the others. How settings do on data like yours; it leaves no model.',
};

const RECALLED: PartWords = {
  ...PART_WORDS.train,
  meaning:
    'The images the model keeps: each finds itself among its neighbours, so this score says nothing of new ones.',
};

/** How a part of a run is called: after a cross-validation all images are one part. */
export function partWordsOf(run: Run, part: Part): PartWords {
  if (hasNoModel(run)) return CROSS_VALIDATED;
  return part === 'train' && run.settings.head === 'neighbours' ? RECALLED : PART_WORDS[part];
}
