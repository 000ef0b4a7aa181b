import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { scorePredictions } from '../../../../src/domain/metrics/scores.ts';
import { LiveTab } from '../../../../src/features/results/LiveTab.tsx';
import { MistakesTab } from '../../../../src/features/results/MistakesTab.tsx';
import { ResultsTab } from '../../../../src/features/results/ResultsTab.tsx';
import { RunsTab } from '../../../../src/features/runs/RunsTab.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import {
  runningState,
  sampleDataset,
  sampleLive,
  trainedState,
  untrainedState,
} from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => {
  vi.useRealTimers();
  stage?.leave();
});

/** Images of a class in the sample: the n-th is in the test part when n % 20 >= 17, wrong when n % 7 === 1. */
const testImages = (classIndex: number, wanted: (index: number) => boolean) =>
  Array.from({ length: 100 }, (_, index) => index)
    .filter((index) => index % 20 >= 17 && wanted(index))
    .map((index) => `image-${classIndex}-${index}`);

test('clicking a cell asks for exactly the test images of that row and column', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<ResultsTab />, trainedState(), commands);
  await page.getByRole('button', { name: /^Actual daisy, predicted dandelion: 3/ }).click();
  expect(named('showGallery').map((call) => call.args[0])).toEqual([
    { title: 'daisy taken for dandelion (test)', imageIds: testImages(0, (index) => index % 7 === 1) },
  ]);
});

test('a classifier that was opened has no score and no mistakes, and it is said why', async () => {
  const state = trainedState();
  const opened = { ...state, runs: state.runs.map((run) => ({ ...run, kind: 'opened' as const, curves: [] })) };
  for (const tab of [<ResultsTab key="results" />, <MistakesTab key="mistakes" />]) {
    stage = onStage(tab, opened, recordingCommands().commands);
    await expect.element(page.getByText(/opened from Teachable Machine/)).toBeVisible();
    expect(stage.element.textContent).not.toMatch(/\d|kept no/);
    stage.leave();
  }
});

test('clicking a class name asks for all its test images, right and wrong', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<ResultsTab />, trainedState(), commands);
  await page.getByRole('button', { name: 'tulips', exact: true }).first().click();
  expect(named('showGallery')[0]?.args[0]).toEqual({
    title: 'All images of tulips (test)',
    imageIds: testImages(4, () => true),
  });
});

test('an open gallery shows its images with what the model says, and takes the focus', async () => {
  const state = trainedState();
  const gallery = { title: 'daisy taken for dandelion (test)', imageIds: ['image-0-57', 'image-0-78', 'gone'] };
  stage = onStage(<ResultsTab />, state, recordingCommands().commands);
  stage.store.setState({ gallery });
  const region = page.getByRole('region', { name: gallery.title });
  await expect.element(region.getByText('daisy-57.jpg')).toBeVisible();
  expect(region.getByRole('listitem').elements()).toHaveLength(2);
  await expect.element(region.getByText('1 image of it deleted since.')).toBeVisible();
  await expect.element(region.getByRole('heading')).toHaveFocus();
});

test('the score is of the test part at first, with its interval in words; training scores say what they are', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<ResultsTab />, trainedState(), commands);
  await expect.element(page.getByText('95\u00a0% sure between 70 and 87. 60 of 75 test images right.')).toBeVisible();
  await page.getByRole('radio', { name: 'Training' }).click();
  await expect.element(page.getByRole('heading', { name: 'Accuracy on training images' })).toBeVisible();
  await expect.element(page.getByText(/how well it remembers them/)).toBeVisible();
  expect(named('showGallery')[0]?.args).toEqual([null]);
});

test('an empty test part is said plainly instead of showing 0 %', async () => {
  const state = trainedState(2, 17);
  stage = onStage(<ResultsTab />, state, recordingCommands().commands);
  await expect.element(page.getByRole('heading', { name: 'No test images' })).toBeVisible();
  expect(document.body.textContent).not.toContain('0\u00a0%');
});

test('few test images come with a warning', async () => {
  stage = onStage(<ResultsTab />, trainedState(2, 60), recordingCommands().commands);
  await expect.element(page.getByText(/18 images are few/)).toBeVisible();
});

test('a class that is never predicted has a dash for precision, and the dash is explained', async () => {
  const state = trainedState(2, 40);
  const { artifacts } = state;
  if (artifacts === null) throw new Error('no artifacts');
  const probabilities = artifacts.predictions.probabilities.map((_, index) => (index % 2 === 0 ? 1 : 0));
  const changed: AppState = {
    ...state,
    artifacts: { ...artifacts, predictions: { ...artifacts.predictions, probabilities } },
  };
  stage = onStage(<ResultsTab />, changed, recordingCommands().commands);
  const row = page.getByRole('row', { name: /^dandelion/ }).last();
  expect([...row.element().querySelectorAll('td')].map((cell) => cell.textContent)).toEqual([
    'dandelion',
    '6',
    '-',
    '0.0\u00a0%',
    '0.0\u00a0%',
  ]);
  await expect.element(page.getByText(/A dash means there is nothing to divide by/)).toBeVisible();
});

test('mistakes are the wrong held-out images, the surest first', async () => {
  stage = onStage(<MistakesTab />, trainedState(), recordingCommands().commands);
  await expect.element(page.getByRole('heading', { name: '25 mistakes among 150 held-out images' })).toBeVisible();
  const shown = page
    .getByRole('listitem')
    .elements()
    .map((tile) => Number(tile.textContent?.match(/(\d+)\u00a0%/)?.[1]));
  expect(shown).toHaveLength(25);
  expect(shown.toSorted((a, b) => b - a)).toEqual(shown);
});

test('a mistake can be moved to the predicted class or deleted on the spot', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<MistakesTab />, trainedState(), commands);
  await page.getByRole('button', { name: 'Relabel daisy-15.jpg as dandelion' }).click();
  await page.getByRole('button', { name: 'Delete tulips-15.jpg' }).click();
  expect(named('moveImages')[0]?.args).toEqual([['image-0-15'], 'class-1']);
  expect(named('deleteImages')[0]?.args).toEqual([['image-4-15']]);
});

test('a mistake that was moved says where it is now and offers no second move', async () => {
  const state = trainedState();
  const { project } = state;
  if (project === null) throw new Error('no project');
  const images = new Map(project.dataset.images);
  const item = images.get('image-0-15');
  if (item !== undefined) images.set(item.id, { ...item, classId: 'class-1' });
  const moved = { ...state, project: { ...project, dataset: { ...project.dataset, images } } };
  stage = onStage(<MistakesTab />, moved, recordingCommands().commands);
  await expect.element(page.getByText('Now in dandelion')).toBeVisible();
  expect(page.getByRole('button', { name: 'Relabel daisy-15.jpg as dandelion' }).elements()).toHaveLength(0);
});

test('each tab says what will be there before the first run', async () => {
  for (const [Tab, title] of [
    [LiveTab, 'No curves yet'],
    [ResultsTab, 'No results yet'],
    [MistakesTab, 'No mistakes to show yet'],
    [RunsTab, 'No runs yet'],
  ] as const) {
    const one = onStage(<Tab />, untrainedState(), recordingCommands().commands);
    await expect.element(page.getByText(title)).toBeVisible();
    one.leave();
  }
});

test('the live tab has a recall line for every class and the validation matrix', async () => {
  stage = onStage(<LiveTab />, runningState(5, 12), recordingCommands().commands);
  await expect.element(page.getByText('Epoch 12 of 50, 4,200 images/s, at most 3\u00a0s left')).toBeVisible();
  const recall = page.getByRole('figure', { name: /^Recall by class/ });
  await expect.poll(() => recall.element().querySelectorAll('path.recharts-line-curve').length).toBe(5);
  await expect.element(page.getByRole('button', { name: /^Actual roses, predicted sunflowers: 3/ })).toBeVisible();
});

test('after a run the Live tab shows the epoch kept, and says which part its figures are of', async () => {
  const state = trainedState();
  // What was shown while the run went on is of the last epoch; another run may have come after it.
  const live = sampleLive(sampleDataset(5, 100), 3);
  stage = onStage(<LiveTab />, { ...state, live }, recordingCommands().commands);
  const [run] = state.runs;
  const kept = run?.curves[run.bestEpochIndex];
  if (run === undefined || kept === undefined || state.artifacts === null) throw new Error('no run');
  expect(run.bestEpochIndex).toBeLessThan(run.curves.length - 1);
  const epoch = run.bestEpochIndex + 1;
  const { validation } = run.partCounts;
  const status = page.getByText(
    `The weights are those of epoch ${epoch}. Figures and matrix are of that epoch, on ${validation} validation images. The test score under Results, 88\u00a0%, is of 75 other images.`,
  );
  await expect.element(status).toBeVisible();
  const accuracy = ((kept.validationAccuracyRatio ?? 0) * 100).toFixed(1);
  const chart = page.getByRole('figure', { name: 'Accuracy' });
  await expect.element(chart.getByRole('button', { name: /^Validation/ })).toHaveTextContent(`Validation${accuracy} %`);
  await expect.element(chart.getByText('Kept', { exact: true })).toBeVisible();
  await expect
    .element(page.getByRole('heading', { name: `Confusion matrix (validation, epoch ${epoch})` }))
    .toBeVisible();
  const { matrix } = scorePredictions(state.artifacts.predictions, 'validation', run.classes.length);
  const first = run.classes[0]?.name;
  expect(matrix.counts[0]).toBeGreaterThan(0);
  await expect
    .element(page.getByRole('button', { name: `Actual ${first}, predicted ${first}: ${matrix.counts[0]},` }))
    .toBeVisible();
});

test('a run that went back to the one it goes on from says whose weights they are, and marks no phase of the head', async () => {
  const state = trainedState();
  const { project } = state;
  if (project === null) throw new Error('no project');
  const guard = {
    start: 'run',
    kept: false,
    imageCount: 75,
    lossGain: 0,
    standardError: 0.01,
    startAccuracyRatio: 0.9,
    tunedAccuracyRatio: 0.9,
  } as const;
  const { epochs } = sampleLive(project.dataset, 10);
  const curves = epochs.map((epoch) => ({ ...epoch, phase: 'fine-tune' as const }));
  const runs = state.runs.map((run) => ({ ...run, guard, curves }));
  stage = onStage(<LiveTab />, { ...state, runs }, recordingCommands().commands);
  await expect
    .element(page.getByText(/The weights are those of the run it goes on from. The matrix is of that model/))
    .toBeVisible();
  expect(page.getByText('Fine-tuning', { exact: true }).elements()).toHaveLength(0);
  expect(page.getByText('Kept', { exact: true }).elements()).toHaveLength(0);
});

test('a burst of epochs redraws at once, then not before 250 ms, and ends on the latest', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const state = runningState(2, 1);
  const { project } = state;
  if (project === null) throw new Error('no project');
  stage = onStage(<LiveTab />, state, recordingCommands().commands);
  const shownEpoch = () => document.body.textContent?.match(/Epoch (\d+) of 50/)?.[1];
  const settled = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const put = (epoch: number) => stage?.store.setState({ live: sampleLive(project.dataset, epoch) });

  for (let epoch = 2; epoch <= 10; epoch += 1) put(epoch);
  await settled();
  expect(shownEpoch()).toBe('2');
  vi.advanceTimersByTime(249);
  await settled();
  expect(shownEpoch()).toBe('2');
  vi.advanceTimersByTime(1);
  await settled();
  expect(shownEpoch()).toBe('10');
});

test('after a failure the Live tab shows the curves so far and what to do', async () => {
  const failure = { kind: 'failed', message: 'The loss grew.', advice: 'Try a smaller learning rate.' } as const;
  stage = onStage(<LiveTab />, { ...runningState(), jobs: [], trainingFailure: failure }, recordingCommands().commands);
  await expect.element(page.getByText('The loss grew.')).toBeVisible();
  await expect.element(page.getByText(/Try a smaller learning rate. Below are the curves/)).toBeVisible();
  await expect.element(page.getByRole('figure', { name: 'Loss' })).toBeVisible();
  stage.leave();

  stage = onStage(<LiveTab />, { ...untrainedState(), trainingFailure: failure }, recordingCommands().commands);
  await expect.element(page.getByText('Try a smaller learning rate.')).toBeVisible();
  expect(page.getByText('No curves yet').elements()).toHaveLength(0);
});

test('what stood before training is told beside the score of the same part, and never beside that of training images', async () => {
  const state = trainedState();
  const beforeTraining = {
    validation: null,
    test: { imageCount: 75, correctCount: 60, onlyModelCount: 8, onlyBaselineCount: 1 },
  };
  const runs = state.runs.map((run) => ({ ...run, beforeTraining }));
  stage = onStage(<ResultsTab />, { ...state, runs }, recordingCommands().commands);
  const line = page.getByText(/^Before any training: 80/);
  await expect.element(line).toHaveTextContent('Training brought +9.3 points on the same 75 images.');
  await page.getByRole('radio', { name: 'Training' }).click();
  await expect.element(page.getByText('Accuracy on training images')).toBeVisible();
  expect(line.elements()).toHaveLength(0);
});
