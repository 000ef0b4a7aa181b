import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { datasetFingerprint } from '../../../../src/domain/fingerprint.ts';
import { TrainingPanel } from '../../../../src/features/training/TrainingPanel.tsx';
import { whyNotTrain } from '../../../../src/features/why-not-train.ts';
import type { AppState } from '../../../../src/state/app-state.ts';
import { sampleJob, trainingJob } from '../../../helpers/browser/sample-jobs.ts';
import { runningState, trainedState, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

function show(state: AppState) {
  const recording = recordingCommands();
  stage = onStage(<TrainingPanel />, state, recording.commands);
  return recording;
}

test('every reason for not training names what is missing', () => {
  const ready = untrainedState();
  const empty = untrainedState(2, 0);
  const reasons = [
    { ...ready, project: null },
    untrainedState(0),
    empty,
    untrainedState(1),
    { ...ready, jobs: [sampleJob('import', null)] },
    { ...ready, jobs: [trainingJob({ kind: 'evaluating' })] },
    { ...ready, engine: { kind: 'starting' } as const },
    { ...ready, engine: { kind: 'failed', message: 'WebAssembly is off.' } as const },
    { ...ready, backbones: { ...ready.backbones, current: null } },
  ].map(whyNotTrain);
  expect(reasons.every((reason) => reason?.endsWith('.') === true)).toBe(true);
  expect(new Set(reasons).size).toBe(reasons.length);
  expect(reasons[7]).toContain('WebAssembly is off.');
  expect(whyNotTrain(ready)).toBeNull();
  expect(whyNotTrain({ ...ready, jobs: [sampleJob('import', null, { phase: 'cancelling' })] })).toBeNull();
});

test('a Train button that cannot be used says why and does nothing', async () => {
  const { named } = show(untrainedState(1));
  await expect
    .element(page.getByText('Only one class has images. Add images to a second class.').first())
    .toBeVisible();
  await page.getByRole('button', { name: 'Train' }).click({ force: true });
  expect(named('startTraining')).toEqual([]);
});

test('before the first run the panel says how the images are dealt out, then Train starts', async () => {
  const { named } = show(untrainedState());
  await expect.element(page.getByText(/^500 images in 5 classes: \d+ to learn from/)).toBeVisible();
  await page.getByRole('button', { name: 'Train' }).click();
  expect(named('startTraining')).toHaveLength(1);
});

test('a run shows its epoch, speed and time left, and can be stopped or cancelled', async () => {
  const { calls } = show(runningState(5, 12));
  await expect
    .element(page.getByRole('progressbar', { name: 'Training' }))
    .toHaveAttribute('aria-valuetext', 'epoch 12 of 50');
  await expect.element(page.getByText('4,200 images/s, about 3\u00a0s left')).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(calls.map((call) => call.name)).toEqual(['stopTraining', 'cancelTraining']);
});

test('while it is stopping, a second Stop is not possible but Cancel is', async () => {
  const state = runningState();
  show({
    ...state,
    jobs: [
      trainingJob({
        kind: 'running',
        fineTuning: null,
        stopping: true,
        epochCount: 50,
        imagesPerSecond: 10,
        secondsLeft: 1,
      }),
    ],
  });
  await expect.element(page.getByRole('button', { name: 'Stop' })).toBeDisabled();
  await expect.element(page.getByRole('button', { name: 'Cancel' })).toBeEnabled();
});

test('preparing features counts images', async () => {
  const training = {
    kind: 'preparing',
    viewCount: 0,
    doneCount: 320,
    totalCount: 1000,
    imagesPerSecond: 47,
    secondsLeft: 14.4,
  } as const;
  show({ ...untrainedState(), jobs: [trainingJob(training)] });
  await expect.element(page.getByText('320 of 1,000 images')).toBeVisible();
  await expect.element(page.getByText('47 images/s, about 14\u00a0s left')).toBeVisible();
});

test('a failed run says what happened and what to do, and Train is there again', async () => {
  show({
    ...trainedState(),
    trainingFailure: { kind: 'failed', message: 'Training diverged.', advice: 'Lower the learning rate.' },
  });
  await expect.element(page.getByRole('alert')).toHaveTextContent('Training diverged.Lower the learning rate.');
  await expect.element(page.getByRole('button', { name: 'Train' })).toBeEnabled();
});

test('after a run the held-out score stands with its interval, and as old only when the data changed', async () => {
  const state = trainedState();
  const { project } = state;
  if (project === null) throw new Error('no project');
  const datasetFingerprintNow = datasetFingerprint(project.dataset, project.split);
  const fresh = state.runs.map((run) => ({ ...run, datasetFingerprint: datasetFingerprintNow }));
  show({ ...state, runs: fresh });
  await expect.element(page.getByText('95\u00a0% sure between 79 and 94 (75 held-out images)')).toBeVisible();
  expect(page.getByText('Older than the data').elements()).toHaveLength(0);
  stage?.store.setState({ project: { ...project, split: { ...project.split, seed: 7 } } });
  await expect.element(page.getByText('Older than the data')).toBeVisible();
});

test('a classifier that was opened tells neither a time nor that images were missing, but what to do', async () => {
  const state = trainedState();
  const scores = { testCount: 0, testAccuracyRatio: null, testMacroF1Ratio: null, validationAccuracyRatio: null };
  show({ ...state, runs: state.runs.map((run) => ({ ...run, kind: 'opened' as const, curves: [], scores })) });
  const outcome = page.getByRole('region', { name: 'Current model' });
  await expect.element(outcome).toHaveTextContent(/not tested on images of yours yet.*add images/);
  expect(outcome.element().textContent).not.toMatch(/kept aside|\d s\b/);
});

/** The same page with a network as the head, which shows the settings of one. */
function withNetwork(state: AppState): AppState {
  if (state.project === null) throw new Error('no project');
  const { project } = state;
  return { ...state, project: { ...project, settings: { ...project.settings, head: 'network' } } };
}

test('a setting out of range is explained and not taken; a good one is', async () => {
  const { named } = show(withNetwork(untrainedState()));
  const epochs = page.getByRole('textbox', { name: 'Epochs' });
  await epochs.fill('5000');
  await expect.element(page.getByText('Epochs must be from 1 to 1000.')).toBeVisible();
  expect(named('changeSettings')).toEqual([]);
  await epochs.fill('80');
  expect(named('changeSettings').at(-1)?.args).toEqual([{ epochs: 80 }]);
});

test('a value between two steps is kept as typed, and the arrow keys step from it', async () => {
  const { named } = show(withNetwork(untrainedState()));
  await page.getByRole('textbox', { name: 'Learning rate' }).fill('0.0012');
  expect(named('changeSettings').at(-1)?.args).toEqual([{ learningRate: 0.0012 }]);
  await userEvent.click(page.getByRole('textbox', { name: 'Epochs' }));
  await userEvent.keyboard('{ArrowUp}');
  expect(named('changeSettings').at(-1)?.args).toEqual([{ epochs: 60 }]);
});

test('an automatic setting shows what it means now; emptying the field makes it automatic again', async () => {
  const state = withNetwork(untrainedState());
  const { project } = state;
  if (project === null) throw new Error('no project');
  const { named } = show({ ...state, project: { ...project, settings: { ...project.settings, hiddenUnits: 64 } } });
  await page.getByRole('button', { name: /^Advanced/ }).click();
  await expect.element(page.getByText('Now 0.1')).toBeVisible();
  await page.getByRole('textbox', { name: 'Hidden units' }).fill('');
  expect(named('changeSettings').at(-1)?.args).toEqual([{ hiddenUnits: 'auto' }]);
  await page.getByRole('button', { name: 'Reset to automatic: Hidden units' }).click();
  expect(named('changeSettings').at(-1)?.args).toEqual([{ hiddenUnits: 'auto' }]);
});

test('the shares of the split always sum to one and leave images to learn from', async () => {
  const { named } = show(untrainedState());
  await page.getByRole('button', { name: /^Data split/ }).click();
  const share = page.getByRole('textbox', { name: 'Test' });
  await share.fill('80');
  await expect.element(page.getByText(/Must be from 0 to 75/)).toBeVisible();
  expect(named('changeSplit')).toEqual([]);
  await share.fill('25');
  expect(named('changeSplit').at(-1)?.args).toEqual([
    { trainRatio: 0.6, validationRatio: 0.15, testRatio: 0.25, seed: 42 },
  ]);
});

test('settings cannot be changed during a run', async () => {
  show(withNetwork(runningState()));
  await expect.element(page.getByRole('textbox', { name: 'Epochs' })).toBeDisabled();
});
