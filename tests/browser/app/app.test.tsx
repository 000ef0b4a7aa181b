import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { App } from '../../../src/app/App.tsx';
import { EMPTY_DATASET } from '../../../src/domain/dataset.ts';
import type { AppState } from '../../../src/state/app-state.ts';
import { INITIAL_STATE } from '../../../src/state/store.ts';
import { faultsIn } from '../../helpers/browser/faults.ts';
import { runningState, sampleProject, trainedState, untrainedState } from '../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../helpers/browser/stage.tsx';

let stage: Stage | null = null;

afterEach(async () => {
  stage?.leave();
  document.documentElement.style.colorScheme = '';
  await page.viewport(1280, 720);
});

function show(state: AppState = trainedState(3, 40)) {
  const recorded = recordingCommands();
  const storage = { usedBytes: 3e7, quotaBytes: 1e10, persistent: true };
  stage = onStage(<App />, { ...state, storage }, recorded.commands, 'div');
  return recorded;
}

const STATES: Readonly<Record<string, AppState>> = {
  starting: INITIAL_STATE,
  empty: { ...untrainedState(), project: sampleProject(EMPTY_DATASET) },
  importing: {
    ...untrainedState(3),
    selection: new Set(['image-0-1']),
    notices: [{ id: 1, tone: 'error', title: 'The engine stopped', detail: 'Your images are kept. Train again.' }],
    import: {
      id: 'import',
      kind: 'done',
      foundCount: 10,
      totalKnown: true,
      doneCount: 10,
      addedCount: 8,
      duplicateCount: 1,
      conflictCount: 0,
      almostBlackCount: 0,
      overlaps: [],
      rejected: [{ path: 'roses/readme.txt', reason: 'is not an image' }],
      filesPerSecond: 10,
      secondsLeft: 0,
      message: null,
    },
  },
  running: runningState(3, 8),
  trained: trainedState(3, 40),
};

const faults = () => faultsIn(document.body, { regions: false });

/** Everything that opens: the button, and the role and name of what it opens. */
const OPENED = [
  ['Device: WebAssembly', 'dialog', 'Device'],
  ['Backbone: MobileNet v2 0.35', 'dialog', 'Backbone'],
  ['Project Flowers', 'menu', 'Project'],
  ['Colour of daisy', 'dialog', 'Colour of daisy'],
  ['Open daisy large', 'dialog', 'daisy: 40 images'],
  ['Record daisy with the camera', 'dialog', 'Record daisy'],
] as const;

describe.each([
  ['light', 1440],
  ['dark', 390],
] as const)('in the %s scheme at %i px', (scheme, width) => {
  beforeEach(async () => {
    document.documentElement.style.colorScheme = scheme;
    await page.viewport(width, 800);
  });

  test.each(Object.keys(STATES))('the page has no accessibility fault while it is %s', async (name) => {
    show(STATES[name]);
    await expect.element(page.getByRole('tab', { name: 'Live' })).toBeVisible();
    await vi.waitFor(async () => expect(await faults()).toEqual([]), { timeout: 10_000 });
  });

  test.each(OPENED)('what “%s” opens has no accessibility fault', async (button, role, name) => {
    show();
    await userEvent.click(page.getByRole('button', { name: button }));
    await expect.element(page.getByRole(role, { name })).toBeVisible();
    await vi.waitFor(async () => expect(await faults()).toEqual([]), { timeout: 10_000 });
  });
});

test.each([360, 390, 768, 1100, 1440, 2560])('nothing is wider than a window of %i px', async (width) => {
  await page.viewport(width, 800);
  show();
  await expect.element(page.getByRole('tab', { name: 'Live' })).toBeVisible();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
});

describe('keys of the page', () => {
  test('undo and redo', async () => {
    const { calls } = show();
    await userEvent.keyboard('{Control>}z{/Control}{Control>}{Shift>}z{/Shift}{/Control}{Control>}y{/Control}');
    expect(calls.map(({ name }) => name).filter((name) => name === 'undo' || name === 'redo')).toEqual([
      'undo',
      'redo',
      'redo',
    ]);
  });

  test('leave text fields alone', async () => {
    const { named } = show();
    await userEvent.click(page.getByRole('textbox', { name: 'Name of class daisy' }));
    await userEvent.keyboard('x{Control>}z{/Control}');
    expect(named('undo')).toHaveLength(0);
  });

  test('paste an image into the class that has the focus, and elsewhere into no class in particular', () => {
    const { named } = show();
    const paste = () => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
      (document.activeElement ?? document.body).dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    };
    paste();
    page.getByRole('listbox', { name: 'Images of roses' }).element().focus();
    paste();
    expect(named('importFiles').map(({ args }) => args[1])).toEqual([{ classId: null }, { classId: 'class-2' }]);
  });
});

test('folders dropped anywhere on the page become classes', () => {
  const { named } = show();
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['x'], 'a.jpg'));
  const target = page.getByRole('heading', { name: 'Train', exact: true }).element();
  target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  expect(named('importFiles').map(({ args }) => args[1])).toEqual([{ classId: null }]);
});

test('messages are dismissed by their cross', async () => {
  const { named } = show(STATES.importing);
  await userEvent.click(page.getByRole('button', { name: 'Dismiss: The engine stopped' }));
  expect(named('dismissNotice').map(({ args }) => args)).toEqual([[1]]);
});

test('the tabs show the part of the results that is asked for', async () => {
  const { named } = show();
  await userEvent.click(page.getByRole('tab', { name: 'Mistakes' }));
  expect(named('showTab').map(({ args }) => args)).toEqual([['mistakes']]);
  stage?.store.setState({ tab: 'runs' });
  await expect.element(page.getByRole('tab', { name: /Runs/ })).toHaveAttribute('aria-selected', 'true');
});

test('a bug in the page is said, and the project can still be saved to a file', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const broken = recordingCommands({
    thumbnailUrl: () => {
      throw new Error('thumbnails are broken');
    },
  });
  stage = onStage(<App />, trainedState(3, 40), broken.commands);
  await expect.element(page.getByRole('heading', { name: 'Something in the page broke' })).toBeVisible();
  await userEvent.click(page.getByRole('button', { name: 'Save project to a file' }));
  expect(broken.named('saveProjectFile')).toHaveLength(1);
  vi.restoreAllMocks();
});
