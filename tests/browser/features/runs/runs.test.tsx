import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Run } from '../../../../src/domain/run.ts';
import { compareJudged, type JudgedRun } from '../../../../src/domain/run-comparison.ts';
import { RunsTab } from '../../../../src/features/runs/RunsTab.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import { faultsIn } from '../../../helpers/browser/faults.ts';
import { sampleRun, trainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
beforeEach(() => page.viewport(1200, 900));
afterEach(() => stage?.leave());

const tableText = () => page.getByRole('table', { name: 'Runs of this project' });
const namesInOrder = () =>
  page
    .getByRole('checkbox')
    .elements()
    .map((box) => box.getAttribute('aria-label')?.replace('Choose ', ''));

/** The sample run, "Bigger head" from before it, and so many more. */
function withRuns(moreCount = 0, change: Partial<Run> = {}): AppState {
  const state = trainedState();
  const { project, runs } = state;
  if (project === null) throw new Error('no project');
  const settings = { ...sampleRun(project.dataset).settings, epochs: 20, hiddenUnits: 256, optimizer: 'sgd' as const };
  const kept = { settings, automaticSettings: ['labelSmoothing', 'classWeights'] as const, splitSeed: 7 };
  const other = sampleRun(project.dataset, { id: 'run-2', name: 'Bigger head', startedAtMs: 1, ...kept, ...change });
  const more = Array.from({ length: moreCount }, (_, index) =>
    sampleRun(project.dataset, { id: `more-${index}`, name: `More ${index}`, startedAtMs: 10 + index }),
  );
  return { ...state, runs: [other, ...more, ...runs] };
}

test('runs show what differs from the defaults, and another one can be put to use', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<RunsTab />, withRuns(), commands);
  await expect
    .element(page.getByText('Epochs 20, Optimiser SGD with momentum 0.9, Hidden units 256, Split seed 7'))
    .toBeVisible();
  await expect.element(page.getByRole('row', { name: /Run 1.*Defaults/ })).toBeVisible();
  await page.getByRole('button', { name: 'Use Bigger head' }).click();
  expect(named('useRun')[0]?.args).toEqual(['run-2']);
});

test('a wide page shows head, size and time of an image in the row; a narrow one under it', async () => {
  await page.viewport(1440, 900);
  stage = onStage(<RunsTab />, withRuns(), recordingCommands().commands);
  const row = page.getByRole('row', { name: /Bigger head/ });
  for (const text of ['256 hidden units + softmax', '1.6\u00a0MB', '13\u00a0ms', 'MobileNet v2 0.35']) {
    await expect.element(row.getByText(text)).toBeVisible();
  }
  await page.viewport(390, 800);
  await expect.element(row.getByText('1.6\u00a0MB')).not.toBeVisible();
  await page.getByRole('button', { name: 'Details of Bigger head' }).click();
  await expect.element(tableText().getByRole('definition').filter({ hasText: '1.6\u00a0MB' })).toBeVisible();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
});

test('pinned runs stay first however the table is sorted', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<RunsTab />, withRuns(1, { pinned: true }), commands);
  expect(namesInOrder()).toEqual(['Bigger head', 'Run 1', 'More 0']);
  await page.getByRole('button', { name: 'When' }).click();
  expect(namesInOrder()).toEqual(['Bigger head', 'More 0', 'Run 1']);
  await page.getByRole('button', { name: 'Pin Run 1' }).click();
  expect(named('changeRun')[0]?.args).toEqual(['run-1', { pinned: true }]);
});

test('a run gets a name and a note in a dialog', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<RunsTab />, withRuns(), commands);
  await page.getByRole('button', { name: 'More for Bigger head' }).click();
  await page.getByRole('menuitem', { name: 'Name and note' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('  256 units ');
  await page.getByRole('textbox', { name: 'Note' }).fill('Try with dropout.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  expect(named('changeRun')[0]?.args).toEqual(['run-2', { name: '256 units', note: 'Try with dropout.' }]);
});

test('a run is deleted only after the question is answered', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<RunsTab />, withRuns(), commands);
  const ask = async () => {
    await page.getByRole('button', { name: 'More for Bigger head' }).click();
    await page.getByRole('menuitem', { name: 'Delete run' }).click();
  };
  await ask();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(named('deleteRun')).toEqual([]);
  await ask();
  await page.getByRole('button', { name: 'Delete run', exact: true }).click();
  expect(named('deleteRun')[0]?.args).toEqual(['run-2']);
});

test('a run goes on, or is made again, only on the network it was trained on, and what its stages take is guessed', async () => {
  const { commands, named } = recordingCommands({
    estimateFineTuning: async () => ({ rowBytes: 1, memoryBytes: 4e8, rowMs: 20, viewMs: 0, stepMs: 20, judgeMs: 5 }),
  });
  const backbone = { id: 'other', name: 'Other net', featureLength: 8, sha256: null };
  stage = onStage(<RunsTab />, withRuns(0, { backbone }), commands);
  await page.getByRole('button', { name: 'More for Bigger head' }).click();
  const item = page.getByRole('menuitem', { name: /Continue training/ });
  await expect.element(item).toHaveAttribute('aria-disabled', 'true');
  await expect.element(item.getByText('It was trained on Other net. Load that network first.')).toBeVisible();
  await page
    .getByRole('menu')
    .element()
    .dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  const tuned = stage.store.getState().runs.map((run) => ({ ...run, tunedStageCount: 2 }));
  stage.store.setState({ runs: tuned });
  await page.getByRole('button', { name: 'More for Run 1' }).click();
  await expect.element(item.getByText(/from this model, its head and the last two stages, with/)).toBeVisible();
  // Two stages although the form asks for none: 10 s for 500 images, and 10 epochs of 350 steps and 75 judgements.
  await expect
    .element(
      item.getByText(
        /that the form keeps for a network head\. Training the last two stages takes about 1\smin 24\ss, a guess\.$/,
      ),
    )
    .toBeVisible();
  expect(named('estimateFineTuning').at(-1)?.args).toEqual([2]);
  await item.click();
  expect(named('continueRun')[0]?.args).toEqual(['run-1']);
});

test('at most six runs are ticked, and each gets a line of its own', async () => {
  const chosenRunIds = ['run-1', 'run-2', 'more-0', 'more-1', 'more-2'];
  const { commands, named } = recordingCommands();
  stage = onStage(<RunsTab />, { ...withRuns(6), chosenRunIds }, commands);
  await page.getByRole('checkbox', { name: 'Choose More 3' }).click();
  expect(named('chooseRuns')[0]?.args).toEqual([[...chosenRunIds, 'more-3']]);
  stage.store.setState({ chosenRunIds: [...chosenRunIds, 'more-3'] });
  await expect.element(page.getByRole('checkbox', { name: 'Choose More 4' })).toBeDisabled();
  const legend = page.getByRole('figure', { name: /Validation accuracy/ }).getByRole('list');
  await expect.element(legend).toBeVisible();
  expect(legend.getByRole('listitem').elements()).toHaveLength(6);
});

/** Ten test images that the run got right or wrong. */
function judged(rights: readonly boolean[]): JudgedRun {
  const classes = [
    { id: 'a', name: 'A', colorIndex: 0 },
    { id: 'b', name: 'B', colorIndex: 1 },
  ];
  return {
    classes,
    predictions: {
      imageIds: rights.map((_, index) => String(index)),
      parts: rights.map(() => 'test' as const),
      classIndices: rights.map(() => 0),
      classCount: 2,
      probabilities: Float32Array.from(rights.flatMap((right) => (right ? [1, 0] : [0, 1]))),
    },
  };
}

test('two ticked runs are compared in words, with the counts and what was done differently; axe finds nothing wrong', async () => {
  const none = judged(Array.from({ length: 10 }, () => false));
  const most = judged(Array.from({ length: 10 }, (_, index) => index < 8));
  const { commands, named } = recordingCommands({ compareRuns: async () => compareJudged(none, most) });
  stage = onStage(<RunsTab />, { ...withRuns(), chosenRunIds: ['run-1', 'run-2'] }, commands);
  const region = page.getByRole('region', { name: 'Bigger head and Run 1' });
  await expect.element(region.getByText('Run 1 is better: 8 more of the same 10 test images right.')).toBeVisible();
  await expect
    .element(region.getByText(/Two equally good models differ at least this unevenly in 8 of 1,000 tests/))
    .toBeVisible();
  await expect.element(region.getByRole('row', { name: 'Epochs 20 50' })).toBeVisible();
  expect(
    region
      .getByRole('definition')
      .elements()
      .map((count) => count.textContent),
  ).toEqual(['0', '8', '0', '2']);
  expect(named('compareRuns')[0]?.args).toEqual(['run-2', 'run-1']);
  expect(await faultsIn(stage.element)).toEqual([]);
});

test('runs are saved as a table or as JSON', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<RunsTab />, withRuns(), commands);
  await page.getByRole('button', { name: 'Save all runs as CSV' }).click();
  await page.getByRole('button', { name: 'Save all runs as JSON' }).click();
  expect(named('downloadRuns').map(({ args }) => args)).toEqual([['csv'], ['json']]);
});

test('a run teaches another network, with the weight and the temperature that were set', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<RunsTab />, withRuns(), commands);
  await page.getByRole('button', { name: 'More for Bigger head' }).click();
  await page.getByRole('menuitem', { name: /^Teach a smaller network/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Learn from Bigger head' });
  await expect.element(dialog).toBeVisible();
  dialog.getByRole('slider', { name: 'Weight of the teacher' }).element().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(await faultsIn(dialog.element())).toEqual([]);
  await dialog.getByRole('button', { name: 'Teach and train' }).click();
  expect(named('distil').map((call) => call.args[0])).toMatchObject([
    { teacherRunId: 'run-2', weight: 0.7, temperature: 2 },
  ]);
});

test.each([
  ['another', 7, 1],
  ['the same', 42, 0],
] as const)('a teacher that was trained with %s split is warned of where need be', async (_, splitSeed, count) => {
  stage = onStage(<RunsTab />, withRuns(0, { splitSeed }), recordingCommands().commands);
  await page.getByRole('button', { name: 'More for Bigger head' }).click();
  await page.getByRole('menuitem', { name: /^Teach a smaller network/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Learn from Bigger head' });
  await expect.element(dialog.getByRole('button', { name: 'Teach and train' })).toBeVisible();
  const warning = dialog.getByText('Bigger head may know images that are test images now');
  expect(warning.elements()).toHaveLength(count);
});
