import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ExportOptions } from '../../../../src/commands/commands.ts';
import { datasetFingerprint } from '../../../../src/domain/fingerprint.ts';
import { ExportPanel } from '../../../../src/features/export/ExportPanel.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import { sampleJob } from '../../../helpers/browser/sample-jobs.ts';
import { measuredState, trainedState, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

function show(state: AppState) {
  const recording = recordingCommands();
  stage = onStage(<ExportPanel />, state, recording.commands);
  return recording;
}

test('without a model there is nothing to download', async () => {
  show(untrainedState());
  await expect.element(page.getByText('No model yet')).toBeVisible();
  expect(page.getByRole('button').elements()).toHaveLength(0);
});

test('the whole model is downloaded unless the head alone is chosen', async () => {
  const { named } = show(trainedState());
  await page.getByRole('button', { name: 'Download model' }).click();
  await page.getByRole('radio', { name: /^Head only/ }).click({ force: true });
  await page.getByRole('button', { name: 'Download model' }).click();
  expect(named('exportModel').map((call) => call.args[0])).toEqual([{ kind: 'whole-model' }, { kind: 'head-only' }]);
});

test('what is inside follows the choice: only the whole model has a page', async () => {
  show(trainedState());
  await page.getByRole('button', { name: 'What is inside' }).click();
  await expect.element(page.getByText('index.html')).toBeVisible();
  await page.getByRole('radio', { name: /^Head only/ }).click({ force: true });
  await expect.poll(() => page.getByText('index.html').elements().length).toBe(0);
  await expect.element(page.getByText('model-card.md')).toBeVisible();
});

test('a model older than the data comes with a warning, a fresh one without', async () => {
  const state = trainedState();
  show(state);
  await expect.element(page.getByText('Older than the data')).toBeVisible();
  const { project, runs } = state;
  if (project === null) throw new Error('no project');
  const now = datasetFingerprint(project.dataset, project.split);
  stage?.store.setState({ runs: runs.map((run) => ({ ...run, datasetFingerprint: now })) });
  await expect.poll(() => page.getByText('Older than the data').elements().length).toBe(0);
});

test('a download under way shows its step and cannot be started twice', async () => {
  show({ ...trainedState(), jobs: [sampleJob('export', { stage: 'Writing the network' })] });
  await expect.element(page.getByRole('progressbar', { name: 'Writing the network' })).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Download model' })).toBeDisabled();
});

test('a model of another network says which one to choose', async () => {
  const state = trainedState();
  const current = state.backbones.current === null ? null : { ...state.backbones.current, id: 'other' };
  const { named } = show({ ...state, backbones: { ...state.backbones, current } });
  await expect.element(page.getByText(/Choose that network at the top of the page first/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Download model' }).click({ force: true });
  expect(named('exportModel')).toEqual([]);
});

test('the size of each download is computed once the form is looked at, and anew for another choice', async () => {
  const asked: ExportOptions[] = [];
  const { commands } = recordingCommands({
    downloadSize: async (options) => {
      asked.push(options);
      if (options.kind === 'head-only') throw new Error('cannot be packed');
      return options.compression === undefined ? 13_480_000 : 7_210_000;
    },
  });
  stage = onStage(<ExportPanel />, trainedState(), commands);
  const whole = page.getByRole('radio', { name: /^Whole model/ });
  await expect.element(whole).toBeVisible();
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: /^Size of the weights: Full/ }).click();
  await expect.element(page.getByText('13.5\u00a0MB')).toBeVisible();
  await expect.element(page.getByText('Size not known')).toBeVisible();
  await page.getByRole('radio', { name: /^Half/ }).click({ force: true });
  await expect.element(page.getByText('7.2\u00a0MB')).toBeVisible();
  const half = { encoding: 'float16', prunedRatio: 0 } as const;
  expect(asked.filter(({ kind }) => kind === 'whole-model')).toEqual([
    { kind: 'whole-model' },
    { kind: 'whole-model', compression: half },
  ]);
  stage.store.setState(({ project }) => ({ project: project === null ? null : { ...project, name: 'Renamed' } }));
  await expect.poll(() => asked.filter(({ kind }) => kind === 'whole-model').length).toBe(3);
});

test('weights may be made smaller, and nothing is claimed of that before it is measured', async () => {
  const { named } = show(trainedState());
  await page.getByRole('button', { name: /^Size of the weights: Full/ }).click();
  await expect.element(page.getByText(/has not been measured/)).toBeVisible();
  await page.getByRole('radio', { name: /^Half/ }).click({ force: true });
  await page.getByRole('slider', { name: 'Weights set to zero' }).element().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await page.getByRole('button', { name: 'Download model' }).click();
  expect(named('measureCompression').map((call) => call.args)).toEqual([[0.3]]);
  expect(named('exportModel').map((call) => call.args[0])).toEqual([
    { kind: 'whole-model', compression: { encoding: 'float16', prunedRatio: 0.3 } },
  ]);
});

test('measured sizes show bytes, the change of accuracy and of answers', async () => {
  show(measuredState());
  await page.getByRole('button', { name: /^Size of the weights/ }).click();
  await page.getByRole('radio', { name: /^8 bits One scale/ }).click({ force: true });
  const cells = page.getByRole('row', { name: /^8 bits/ }).getByRole('cell');
  await expect
    .poll(() => cells.elements().map((cell) => cell.textContent?.replaceAll('\u00a0', ' ')))
    .toEqual([...['8 bits', '3.6 MB', '87.5 % (\u22122.5)', '3', '12.3 ms', '4.4 MB']]);
  await expect.element(page.getByText(/Accuracy on 40 test images/)).toBeVisible();
});
