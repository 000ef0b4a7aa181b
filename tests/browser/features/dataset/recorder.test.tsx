import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { RecorderWindow } from '../../../../src/features/dataset/RecorderWindow.tsx';
import type { DroppedFile } from '../../../../src/files/dropped-file.ts';
import { sampleClasses, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
let redraw = 0;

/** A camera made of a canvas: the only part that is not the browser's own. */
beforeEach(() => {
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 48;
  const context = canvas.getContext('2d');
  let hue = 0;
  redraw = window.setInterval(() => {
    hue = (hue + 31) % 360;
    if (context === null) return;
    context.fillStyle = `hsl(${hue} 80% 50%)`;
    context.fillRect(0, 0, 64, 48);
  }, 20);
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(async () => canvas.captureStream());
});

afterEach(() => {
  stage?.leave();
  clearInterval(redraw);
  vi.restoreAllMocks();
});

function show() {
  const arrived: DroppedFile[] = [];
  let ended = 0;
  const recorded = recordingCommands({
    importFiles: async (files) => {
      for await (const file of files) arrived.push(file);
      ended += 1;
      return null;
    },
  });
  const [label] = sampleClasses(1);
  if (label === undefined) throw new Error('no class');
  stage = onStage(<RecorderWindow label={label} onClose={() => {}} />, untrainedState(), recorded.commands);
  return { ...recorded, arrived, endedCount: () => ended };
}

const holdButton = page.getByRole('button', { name: 'Hold to record' });

test('frames go into the class as JPEG for as long as Space is held, and stop with it', async () => {
  const { arrived, endedCount, named } = show();
  await expect.element(holdButton).toBeEnabled();
  holdButton.element().focus();
  await userEvent.keyboard('{ >}');
  await vi.waitFor(() => expect(arrived.length).toBeGreaterThanOrEqual(3), 5000);
  await expect.element(page.getByText('Recording', { exact: true })).toBeVisible();
  await userEvent.keyboard('{/ }');
  await vi.waitFor(() => expect(endedCount()).toBe(1), 5000);
  expect(named('importFiles').map(({ args }) => args[1])).toEqual([{ classId: 'class-0' }]);
  const bytes = new Uint8Array(await (arrived[0]?.blob.slice(0, 2) ?? new Blob()).arrayBuffer());
  expect([...bytes]).toEqual([0xff, 0xd8]);
  expect(new Set(arrived.map(({ path }) => path)).size).toBe(arrived.length);
});

test('a refused camera says why and offers to try again', async () => {
  vi.mocked(navigator.mediaDevices.getUserMedia).mockRejectedValue(new DOMException('no', 'NotAllowedError'));
  show();
  await expect.element(page.getByText(/The camera is blocked for this page/)).toBeVisible();
  await expect.element(holdButton).toBeDisabled();
  await expect.element(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});
