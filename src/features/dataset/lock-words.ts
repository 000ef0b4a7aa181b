import type { PartLock } from '../../domain/dataset.ts';

/** Where a lock keeps an image, as menus and tooltips say it. */
export const LOCK_WORDS: Readonly<Record<PartLock, string>> = {
  train: 'always in training',
  validation: 'always in validation',
  test: 'always in test',
  'train-or-validation': 'never in test',
};
