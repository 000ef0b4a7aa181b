import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { TuneTab } from '../../../../src/features/tune/TuneTab.tsx';
import { sampleDataset, sampleRun, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => {
  stage?.leave();
  stage = null;
});

function fold(accuracyRatio: number) {
  const ratios = [accuracyRatio, Number.NaN, accuracyRatio, accuracyRatio, accuracyRatio];
  const macro = { macroPrecisionRatio: accuracyRatio, macroRecallRatio: accuracyRatio, macroF1Ratio: accuracyRatio };
  return { imageCount: 100, accuracyRatio, ...macro, precisionRatios: ratios, recallRatios: ratios, f1Ratios: ratios };
}

test('the folds are told in plain words, and by class with a dash where there is no score', async () => {
  const crossValidation = { foldCount: 2, folds: [fold(0.88), fold(0.92)] };
  const run = sampleRun(sampleDataset(5, 100), { kind: 'cross-validation', crossValidation });
  stage = onStage(<TuneTab />, { ...untrainedState(), runs: [run] }, recordingCommands().commands);
  await expect
    .element(page.getByText(/90\s% right on images not learnt from, on average; single folds went from 88 to 92\s%/))
    .toBeVisible();
  const table = page.getByRole('table', { name: 'Scores over the folds, mean and spread' });
  await expect.element(table.getByRole('row', { name: /^All classes/ })).toHaveTextContent(/90\.0\s% ± 2\.8/);
  await expect.element(table.getByRole('row', { name: /^dandelion/ })).toHaveTextContent(/^dandelion----/);
});

test('the chosen number of folds is for this time only', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<TuneTab />, untrainedState(), commands);
  await page.getByRole('button', { name: 'Cross-validate' }).click();
  expect(named('crossValidate')).toEqual([{ name: 'crossValidate', args: [{ folds: 5 }] }]);
  expect(named('changeSettings')).toEqual([]);
});

test('with changed views to make first, it says so and how far it is', async () => {
  const training = {
    kind: 'preparing',
    viewCount: 4,
    doneCount: 10,
    totalCount: 40,
    imagesPerSecond: 5,
    secondsLeft: 6,
  } as const;
  const tuning = { kind: 'cross-validation', doneCount: 0, totalCount: 0, secondsLeft: null } as const;
  stage = onStage(<TuneTab />, { ...untrainedState(), training, tuning }, recordingCommands().commands);
  const bar = page.getByRole('progressbar', { name: 'Preparing 4 changed views of each image' });
  await expect.element(bar).toBeVisible();
  await expect.element(page.getByText(/10 of 40 images/)).toBeVisible();
});
