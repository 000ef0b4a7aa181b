import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { ImportStatus } from '../../../../src/features/dataset/ImportStatus.tsx';
import type { ImportState } from '../../../../src/state/app-state.ts';
import { sampleJob } from '../../../helpers/browser/sample-jobs.ts';
import { untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

const READING: ImportState = {
  id: 'import',
  kind: 'reading',
  foundCount: 4064,
  totalKnown: true,
  doneCount: 1016,
  addedCount: 1000,
  duplicateCount: 0,
  conflictCount: 0,
  almostBlackCount: 0,
  overlaps: [],
  rejected: [],
  filesPerSecond: 84.4,
  secondsLeft: 36,
  message: null,
};

function show(state: Partial<ImportState>) {
  const recorded = recordingCommands();
  stage = onStage(<ImportStatus />, { ...untrainedState(), import: { ...READING, ...state } }, recorded.commands);
  return recorded;
}

test('a running import tells counts, rate and time left, and can be cancelled', async () => {
  const { named } = show({});
  const bar = page.getByRole('progressbar', { name: 'Adding images' });
  await expect.element(bar).toHaveAttribute('aria-valuenow', '0.25');
  await expect.element(page.getByText('1,016 of 4,064 files · 84 a second · 36\u00a0s left')).toBeVisible();
  await userEvent.click(page.getByRole('button', { name: 'Cancel' }));
  expect(named('cancelImport')).toHaveLength(1);
});

test('imports that wait are counted, and summaries of earlier ones stay until they are put aside', async () => {
  const recorded = recordingCommands();
  const earlier: ImportState = {
    ...READING,
    id: 'earlier',
    kind: 'done',
    addedCount: 7,
    rejected: [{ path: 'a.txt', reason: 'no image' }],
  };
  const waiting = sampleJob('import', null, { phase: 'waiting' });
  const jobs = [sampleJob('import', null), waiting, { ...waiting, id: 'third' }];
  stage = onStage(
    <ImportStatus />,
    { ...untrainedState(), import: READING, earlierImports: [earlier], jobs },
    recorded.commands,
  );
  await expect.element(page.getByText('7 images added', { exact: true })).toBeVisible();
  await expect.element(page.getByText(/2 more imports waiting/)).toBeVisible();
  await userEvent.click(page.getByRole('button', { name: 'Which files, and why' }));
  await userEvent.click(page.getByRole('button', { name: 'Download list' }));
  expect(recorded.named('downloadRejectedList').map(({ args }) => args)).toEqual([['earlier']]);
});

test('while files are still being found no share is claimed', async () => {
  show({ totalKnown: false, secondsLeft: null });
  await expect.element(page.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow');
  await expect.element(page.getByText(/1,016 of 4,064 found so far/)).toBeVisible();
});

test('afterwards every file is accounted for, and the rejected ones are listed with their reasons', async () => {
  const { named } = show({
    kind: 'done',
    addedCount: 4050,
    duplicateCount: 1,
    conflictCount: 2,
    rejected: [{ path: 'roses/readme.txt', reason: 'is not an image' }],
  });
  await expect.element(page.getByText('4,050 images added', { exact: true })).toBeVisible();
  await expect.element(page.getByText('1 exact copy left out; one of each is kept.', { exact: true })).toBeVisible();
  await expect.element(page.getByText('2 photos are in another class too.', { exact: true })).toBeVisible();
  await userEvent.click(page.getByRole('button', { name: 'Which files, and why' }));
  await expect.element(page.getByText('roses/readme.txt')).toBeVisible();
  await userEvent.click(page.getByRole('button', { name: 'Download list' }));
  expect(named('downloadRejectedList')).toHaveLength(1);
  await userEvent.click(page.getByRole('button', { name: /Dismiss/ }));
  expect(named('dismissImport')).toHaveLength(1);
});

test('photos in two parts and almost black ones are named and stay until dismissed', async () => {
  show({
    kind: 'done',
    addedCount: 12,
    almostBlackCount: 2,
    overlaps: [{ keptIn: 'test', alsoIn: 'train', photoCount: 3 }],
  });
  await expect.element(page.getByText(/^3 photos are in both the test and the training folder/).first()).toBeVisible();
  await expect.element(page.getByText(/^2 PNGs of 16 bits a channel use only the lowest/).first()).toBeVisible();
  expect(waiting()).toEqual([]);
});

test('a cancelled import says that what came in is kept', async () => {
  show({ kind: 'cancelled', addedCount: 12 });
  await expect.element(page.getByRole('paragraph')).toHaveTextContent('Stopped: 12 images added, and kept');
});

test('a failed import says what happened and that what came in is kept', async () => {
  show({ kind: 'failed', addedCount: 12, message: 'The disk is full. Delete a project and add the rest again.' });
  await expect
    .element(page.getByText('The import broke off: 12 images added, and kept', { exact: true }))
    .toBeVisible();
  await expect.element(page.getByText(/^The disk is full/)).toBeVisible();
});

/** The clocks that run in the page's own style sheets. */
const waiting = () => document.getAnimations().filter((animation) => animation instanceof CSSAnimation);

test('a summary of good news goes by itself when its time is over', async () => {
  const { named } = show({ kind: 'done', addedCount: 12 });
  await expect.element(page.getByRole('paragraph')).toHaveTextContent('12 images added');
  expect(named('dismissImport')).toHaveLength(0);
  for (const animation of waiting()) animation.finish();
  await expect.poll(() => named('dismissImport').length).toBe(1);
});

for (const state of [
  { kind: 'done', rejected: [{ path: 'a.txt', reason: 'no image' }] },
  { kind: 'cancelled' },
  { kind: 'failed', message: 'The disk is full.' },
] as const) {
  test(`a summary stays until it is dismissed when the import is ${state.kind} and something is to be told`, async () => {
    show(state);
    await expect.element(page.getByRole('button', { name: /Dismiss/ })).toBeVisible();
    expect(waiting()).toEqual([]);
  });
}
