import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { datasetFingerprint } from '../../../../src/domain/fingerprint.ts';
import { downloadBytes } from '../../../../src/features/export/download-size.ts';
import { ExportPanel } from '../../../../src/features/export/ExportPanel.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import { trainedState, untrainedState } from '../../../helpers/browser/sample-states.ts';
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
  show({ ...trainedState(), exporting: { stage: 'Writing the network' } });
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

test('the size grows with both the network and the head', () => {
  const layer = { kernel: new Float32Array(1000), bias: new Float32Array(10), inputLength: 100, outputLength: 10 };
  const head = { layers: [{ ...layer, activation: 'softmax' as const }] };
  const headOnly = downloadBytes('head-only', 1e6, head);
  expect(headOnly - downloadBytes('head-only', 1e6, { layers: [] })).toBe(4040);
  expect(downloadBytes('whole-model', 1e6, head)).toBeGreaterThan(headOnly + 4e6);
});
