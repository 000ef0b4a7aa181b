import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { TuneTab } from '../../../../src/features/tune/TuneTab.tsx';
import { sampleJob } from '../../../helpers/browser/sample-jobs.ts';
import { sampleDataset, sampleRun, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => {
  stage?.leave();
  stage = null;
});

function fold(accuracyRatio: number, stagesKept: boolean | null = null) {
  const ratios = [accuracyRatio, Number.NaN, accuracyRatio, accuracyRatio, accuracyRatio];
  const macro = { macroPrecisionRatio: accuracyRatio, macroRecallRatio: accuracyRatio, macroF1Ratio: accuracyRatio };
  const ofClasses = { precisionRatios: ratios, recallRatios: ratios, f1Ratios: ratios };
  return { imageCount: 100, accuracyRatio, ...macro, ...ofClasses, stagesKept, chosenHead: null };
}

test('the folds are told in plain words, and by class with a dash where there is no score', async () => {
  const crossValidation = { foldCount: 2, folds: [fold(0.88), fold(0.92)] };
  const run = sampleRun(sampleDataset(5, 100), { kind: 'cross-validation', crossValidation });
  stage = onStage(<TuneTab />, { ...untrainedState(), runs: [run] }, recordingCommands().commands);
  await expect
    .element(
      page.getByText(
        /90\s% of the images of a fold right, on average over 2 folds; single folds went from 88\s% to 92\s%/,
      ),
    )
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
  const tuning = { kind: 'cross-validation', doneCount: 0, totalCount: 0, secondsLeft: null, stages: null } as const;
  stage = onStage(
    <TuneTab />,
    { ...untrainedState(), jobs: [sampleJob('cross-validation', { training, tuning })] },
    recordingCommands().commands,
  );
  const bar = page.getByRole('progressbar', { name: 'Preparing 4 changed views of each image' });
  await expect.element(bar).toBeVisible();
  await expect.element(page.getByText(/10 of 40 images/)).toBeVisible();
});

test('folds that kept their stages are counted', async () => {
  const crossValidation = { foldCount: 2, folds: [fold(0.88, true), fold(0.92, false)] };
  const run = sampleRun(sampleDataset(5, 100), { kind: 'cross-validation', crossValidation });
  const settings = { ...run.settings, fineTuneStages: 2 };
  stage = onStage(<TuneTab />, { ...untrainedState(), runs: [{ ...run, settings }] }, recordingCommands().commands);
  await expect
    .element(page.getByText(/^Fine-tuning the last two stages was shown to help and kept in 1 of 2/))
    .toBeVisible();
});

const ESTIMATE = { rowBytes: 10_000, memoryBytes: 3e6, rowMs: 20, viewMs: 0, stepMs: 20, judgeMs: 5 };

test('what fine-tuning costs is told before a cross-validation, and before a search by the depths it tries', async () => {
  const { commands } = recordingCommands({ estimateFineTuning: async () => ESTIMATE });
  const state = untrainedState();
  if (state.project === null) throw new Error('no project');
  const settings = { ...state.project.settings, fineTuneStages: 1 };
  stage = onStage(<TuneTab />, { ...state, project: { ...state.project, settings } }, commands);
  await expect
    .element(page.getByText(/^Fine-tuning in every fold: a guess of about .* kept meanwhile: [\d.]+\sMB/))
    .toBeVisible();
  await page.getByRole('checkbox', { name: 'Stages to fine-tune' }).click();
  await expect
    .element(page.getByText(/tries fine-tune stages: .* once for each of 2 depths\. .* Memory has room for 3\.0/))
    .toBeVisible();
});

test('while a fold is fine-tuned its share counts, and is told', async () => {
  const stages = { phase: 'fine-tune', doneRatio: 0.5 } as const;
  const tuning = { kind: 'cross-validation', doneCount: 1, totalCount: 4, secondsLeft: 90, stages } as const;
  stage = onStage(
    <TuneTab />,
    { ...untrainedState(), jobs: [sampleJob('cross-validation', { training: null, tuning })] },
    recordingCommands().commands,
  );
  await expect
    .element(page.getByText(/^1 of 4 folds, now fine-tuning: 50\s% of its epochs, about 1\smin/))
    .toBeVisible();
  const bar = page.getByRole('progressbar', { name: 'Judging fold after fold' });
  await expect.element(bar).toHaveAttribute('aria-valuenow', '0.375');
});
