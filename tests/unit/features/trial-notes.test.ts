import { expect, test } from 'vitest';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { trialNotes } from '../../../src/features/tune/trial-notes.ts';

test('where trials do just what a run does, nothing is said', () => {
  expect(trialNotes(DEFAULT_SETTINGS)).toEqual([]);
  expect(trialNotes({ ...DEFAULT_SETTINGS, augment: strengthsOf('off'), augmentViews: 4 })).toEqual([]);
});

test('with augmentation they learn from the views, but for the test of learning rates', () => {
  const [note, ...others] = trialNotes({ ...DEFAULT_SETTINGS, augment: 'photos', augmentViews: 1 });
  expect(note).toContain('every training image and its 1 changed view;');
  expect(note).toContain('Only the test of learning rates takes the images as they are');
  expect(others).toEqual([]);
});

test('with fine-tuning it is told which trials train the stages, and which the head alone', () => {
  const noteOf = (fineTuneStages: number) => trialNotes({ ...DEFAULT_SETTINGS, fineTuneStages }).join();
  expect(noteOf(1)).toContain('cross-validation trains the last stage of the network in every fold');
  expect(noteOf(2)).toContain('the last two stages of the network');
  expect(noteOf(2)).toContain('the learning curve are about the head on the frozen network');
});

test('with views when scoring it is told that the learning curve goes without', () => {
  expect(trialNotes({ ...DEFAULT_SETTINGS, testTimeViews: 1 })).toEqual([
    expect.stringContaining('The learning curve judges them as they are.'),
  ]);
});
