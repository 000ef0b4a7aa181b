import { expect, test } from 'vitest';
import { fineTuneRowCount, trainViewCount } from '../../../src/domain/fine-tune-rows.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';

const PARTS = { train: 70, validation: 20, test: 10 };

test('without augmentation every image is kept once, and its mirror image where scores average over it', () => {
  expect(fineTuneRowCount(DEFAULT_SETTINGS, PARTS)).toBe(100);
  expect(fineTuneRowCount({ ...DEFAULT_SETTINGS, testTimeViews: 5 }, PARTS)).toBe(130);
});

test('views of training images and of held-out ones are counted apart', () => {
  const settings = { ...DEFAULT_SETTINGS, augment: 'photos', augmentViews: 3 } as const;
  expect(trainViewCount(settings)).toBe(3);
  expect(fineTuneRowCount(settings, PARTS)).toBe(4 * 70 + 30);
  expect(fineTuneRowCount({ ...settings, testTimeViews: 2 }, PARTS)).toBe(4 * 70 + 3 * 30);
});

test('strengths of nothing make no views', () => {
  expect(trainViewCount({ ...DEFAULT_SETTINGS, augment: 'off', augmentViews: 8 })).toBe(0);
});
