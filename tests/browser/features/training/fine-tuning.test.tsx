import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { TrainingPanel } from '../../../../src/features/training/TrainingPanel.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import { trainingOf } from '../../../../src/state/job-selectors.ts';
import { trainingJob } from '../../../helpers/browser/sample-jobs.ts';
import { runningState, trainedState, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

function show(state: AppState = untrainedState()) {
  const recording = recordingCommands({
    estimateFineTuning: async (stageCount) => ({
      rowBytes: stageCount * 1000,
      memoryBytes: 4e8,
      rowMs: 20,
      viewMs: 100,
      stepMs: 20,
      judgeMs: 5,
    }),
    changeSettings: (change) =>
      stage?.store.setState(({ project }) => ({
        project: project === null ? null : { ...project, settings: { ...project.settings, ...change } },
      })),
  });
  stage = onStage(<TrainingPanel />, state, recording.commands);
  return recording;
}

const open = () => page.getByRole('button', { name: /^Fine-tuning/ }).click();
const chosen = () => page.getByRole('radio', { checked: true });
const boxes = () => [...document.querySelectorAll('[data-kind]')].map((box) => box.getAttribute('data-kind'));

test('at first the head alone is trained, and the picture goes from the image to the head', async () => {
  const { named } = show();
  await open();
  await expect.element(chosen()).toHaveAccessibleName('Head trained alone');
  const names = page.getByRole('radio').elements();
  expect(names.map((radio) => radio.closest('label')?.textContent)).toEqual([
    expect.stringContaining('block_15'),
    expect.stringContaining('block_16'),
    expect.stringContaining('out_relu'),
    expect.stringContaining('Head'),
  ]);
  expect(boxes()).toEqual(['input', 'frozen', 'frozen', 'frozen', 'frozen', 'trained']);
  await expect
    .element(page.getByText('Trains the head alone; the 410,208 weights of MobileNet v2 0.35 stay as they are.'))
    .toBeVisible();
  expect(named('estimateFineTuning')).toEqual([]);
});

test('choosing a stage unfreezes it and all after it, and their weights are counted', async () => {
  const { named } = show();
  await open();
  await page.getByText('block_16').click();
  expect(named('changeSettings').at(-1)?.args).toEqual([{ fineTuneStages: 2 }]);
  await expect.element(page.getByText('Trains 244,544 of 410,208 weights of the network, and the head.')).toBeVisible();
  expect(boxes()).toEqual(['input', 'frozen', 'frozen', 'trained', 'trained', 'trained']);
});

test('arrow keys move the place where training begins', async () => {
  show();
  await open();
  const head = page.getByRole('radio', { name: /^Head/ }).element();
  if (head instanceof HTMLElement) head.focus();
  await userEvent.keyboard('{ArrowUp}');
  await expect.element(page.getByText(/^Trains 144,640 of 410,208 weights/)).toBeVisible();
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  await expect.element(page.getByText(/^Trains 285,928 of 410,208 weights/)).toBeVisible();
  await expect.element(chosen()).toHaveAccessibleName(/^block_15 trained/);
});

test('the early stages of a long network stay folded until asked for, or until one of them is trained', async () => {
  const state = untrainedState();
  const { current } = state.backbones;
  if (current === null || state.project === null) throw new Error('no network');
  const stages = Array.from({ length: 9 }, (_, index) => ({
    name: `stage_${9 - index}`,
    shape: [7, 7, 8] as const,
    parameterCount: 10,
  }));
  const long = { ...state, backbones: { ...state.backbones, current: { ...current, stages } } };
  show(long);
  await open();
  expect(page.getByRole('radio').elements()).toHaveLength(6);
  await page.getByRole('button', { name: '4 earlier stages show all 40 weights' }).click();
  expect(page.getByRole('radio').elements()).toHaveLength(10);
  stage?.leave();
  show({ ...long, project: { ...state.project, settings: { ...state.project.settings, fineTuneStages: 7 } } });
  await open();
  await expect.element(chosen()).toHaveAccessibleName(/^stage_3 trained/);
});

test('what it takes is guessed before Train, and the views are told of', async () => {
  show();
  await open();
  await page.getByText('out_relu').click();
  await expect
    .element(page.getByText(/^A guess: about 1\smin \d+\ss on this device if no epoch is left out\./))
    .toBeVisible();
  await expect
    .element(page.getByText(/What the frozen part gives for 500 images is kept meanwhile: 500\skB\./))
    .toBeVisible();
  expect(page.getByText(/changed view|Mixup blends/).elements()).toHaveLength(0);
  const { project } = stage?.store.getState() ?? {};
  if (project == null) throw new Error('no project');
  stage?.store.setState({ project: { ...project, settings: { ...project.settings, augment: 'photos', mixup: 0.2 } } });
  // 1,896 rows at 20 ms, and 1,396 views at 100 ms to make them.
  await expect.element(page.getByText(/2\smin 58\ss to make the views and run the frozen part once/)).toBeVisible();
  await expect
    .element(page.getByText(/gives for 500 images and 1,396 changed views is kept meanwhile: 1\.9\sMB\./))
    .toBeVisible();
  await expect
    .element(
      page.getByText(
        /^The stages learn from every training image and its 4 changed views each epoch\. Without augmentation it would be about 1\smin \d+\ss and 500\skB\.$/,
      ),
    )
    .toBeVisible();
  await expect.element(page.getByText(/^Mixup blends images only while the head is trained/)).toBeVisible();
});

test('more stages than the network has mean all of them', async () => {
  const state = untrainedState();
  if (state.project === null) throw new Error('no project');
  show({ ...state, project: { ...state.project, settings: { ...state.project.settings, fineTuneStages: 30 } } });
  await open();
  await expect.element(chosen()).toHaveAccessibleName(/^block_15/);
});

test('a run says which of its two phases it is in, or that it goes on with a tuned one', async () => {
  const state = runningState(5, 12);
  const running = trainingOf(state);
  if (running.kind !== 'running') throw new Error('it runs');
  const head = { phase: 'head', stageCount: 2, hasHeadPhase: true } as const;
  show({ ...state, jobs: [trainingJob({ ...running, fineTuning: head })] });
  await expect.element(page.getByRole('progressbar', { name: 'Training 1 of 2: the head' })).toBeVisible();
  stage?.store.setState({
    jobs: [trainingJob({ ...running, fineTuning: { phase: 'fine-tune', stageCount: 2, hasHeadPhase: true } })],
  });
  await expect.element(page.getByRole('progressbar', { name: 'Training 2 of 2: the last two stages' })).toBeVisible();
  stage?.store.setState({
    jobs: [trainingJob({ ...running, fineTuning: { phase: 'fine-tune', stageCount: 1, hasHeadPhase: false } })],
  });
  await expect
    .element(page.getByRole('progressbar', { name: 'Training further: the last stage and the head' }))
    .toBeVisible();
});

test('after a run the guard stands in plain words', async () => {
  const state = trainedState();
  const guard = {
    start: 'pretrained' as const,
    kept: false,
    imageCount: 75,
    lossGain: 0.001,
    standardError: 0.01,
    startAccuracyRatio: 0.88,
    tunedAccuracyRatio: 0.88,
  };
  show({ ...state, runs: state.runs.map((run) => ({ ...run, kind: 'fine-tune' as const, guard })) });
  await expect
    .element(page.getByText(/^Fine-tuning is not shown to help with 75 validation images, so the head alone was kept/))
    .toBeVisible();
  const further = state.runs.map((run) => ({ ...run, guard: { ...guard, start: 'run' as const } }));
  stage?.store.setState({ runs: further });
  await expect
    .element(
      page.getByText(
        /^Fine-tuning further is not shown to help with 75 validation images, so the model is that of the run/,
      ),
    )
    .toBeVisible();
});
