import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { ExportPanel } from '../../../../src/features/export/ExportPanel.tsx';
import { LiveTab } from '../../../../src/features/results/LiveTab.tsx';
import { MistakesTab } from '../../../../src/features/results/MistakesTab.tsx';
import { ResultsTab } from '../../../../src/features/results/ResultsTab.tsx';
import { RunsTab } from '../../../../src/features/runs/RunsTab.tsx';
import { TrainingPanel } from '../../../../src/features/training/TrainingPanel.tsx';
import { TryItPanel } from '../../../../src/features/try-it/TryItPanel.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import { faultsIn } from '../../../helpers/browser/faults.ts';
import { measuredState, runningState, trainedState, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

interface Screen {
  readonly name: string;
  readonly content: ReactNode;
  readonly state: AppState;
  /** Buttons pressed before looking. */
  readonly press?: readonly (string | RegExp)[];
}

const gallery = { title: 'daisy taken for dandelion (test)', imageIds: ['image-0-57', 'image-0-78'] };

const SCREENS: readonly Screen[] = [
  { name: 'training before the first run', content: <TrainingPanel />, state: untrainedState() },
  { name: 'training that cannot start', content: <TrainingPanel />, state: untrainedState(1) },
  {
    name: 'training with all settings',
    content: <TrainingPanel />,
    state: trainedState(),
    press: [/^Advanced/, /^Data split/],
  },
  { name: 'training under way', content: <TrainingPanel />, state: runningState() },
  { name: 'live curves', content: <LiveTab />, state: runningState(13) },
  { name: 'a curve as a table', content: <LiveTab />, state: runningState(), press: ['Table'] },
  { name: 'results with a gallery', content: <ResultsTab />, state: { ...trainedState(), gallery } },
  { name: 'results of twenty classes', content: <ResultsTab />, state: trainedState(20, 40) },
  { name: 'mistakes', content: <MistakesTab />, state: trainedState(3, 40) },
  { name: 'runs', content: <RunsTab />, state: trainedState() },
  { name: 'trying an image', content: <TryItPanel />, state: trainedState() },
  { name: 'export', content: <ExportPanel />, state: trainedState(), press: ['What is inside'] },
  { name: 'a measured size', content: <ExportPanel />, state: measuredState(), press: [/^Size of the weights/] },
];

let stage: Stage | null = null;
beforeEach(() => page.viewport(1200, 900));
afterEach(() => {
  stage?.leave();
  document.documentElement.style.colorScheme = '';
});

test.each(SCREENS)('axe finds nothing wrong with $name, in light and dark', async ({ content, state, press = [] }) => {
  document.documentElement.style.colorScheme = 'light';
  stage = onStage(content, state, recordingCommands().commands);
  for (const name of press) await page.getByRole('button', { name }).first().click();
  expect(await faultsIn(stage.element)).toEqual([]);
  document.documentElement.style.colorScheme = 'dark';
  expect(await faultsIn(stage.element, { rules: 'colours' })).toEqual([]);
});
