import axe from 'axe-core';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { ExportPanel } from '../../../../src/features/export/ExportPanel.tsx';
import { LiveTab } from '../../../../src/features/results/LiveTab.tsx';
import { MistakesTab } from '../../../../src/features/results/MistakesTab.tsx';
import { ResultsTab } from '../../../../src/features/results/ResultsTab.tsx';
import { RunsTab } from '../../../../src/features/runs/RunsTab.tsx';
import { TrainingPanel } from '../../../../src/features/training/TrainingPanel.tsx';
import { TryItPanel } from '../../../../src/features/try-it/TryItPanel.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import { runningState, trainedState, untrainedState } from '../../../helpers/browser/sample-states.ts';
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
];

let stage: Stage | null = null;
beforeEach(() => page.viewport(1200, 900));
afterEach(() => {
  stage?.leave();
  document.documentElement.style.colorScheme = '';
});

describe.each(['light', 'dark'])('in the %s scheme', (scheme) => {
  test.each(SCREENS)('axe finds nothing wrong with $name', async ({ content, state, press = [] }) => {
    document.documentElement.style.colorScheme = scheme;
    stage = onStage(content, state, recordingCommands().commands);
    for (const name of press) await page.getByRole('button', { name }).first().click();
    const { violations } = await axe.run(stage.element);
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`),
    ).toEqual([]);
  });
});
