import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { Classification, Commands } from '../../../../src/commands/commands.ts';
import { TryItPanel } from '../../../../src/features/try-it/TryItPanel.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import { trainedState, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => {
  vi.restoreAllMocks();
  stage?.leave();
});

const answer = (...probabilities: readonly number[]): Classification => ({
  classNames: ['daisy', 'dandelion', 'roses', 'sunflowers', 'tulips'],
  classColorIndices: [0, 1, 2, 3, 4],
  probabilities,
  elapsedMs: 5,
});

function show(classify: Commands['classify'], state: AppState = trainedState()) {
  const recording = recordingCommands({ classify });
  stage = onStage(<TryItPanel />, state, recording.commands);
  return recording;
}

function imageFile(name: string): File {
  return new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], name, { type: 'image/svg+xml' });
}

function drop(files: readonly File[]): void {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  const target = document.querySelector('[role="tabpanel"] > div');
  target?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
}

const percents = () => [...document.querySelectorAll('[role="tabpanel"] li')].map((bar) => bar.textContent);

test('with images in fewer than two classes it says what is missing and offers nothing to press', async () => {
  show(async () => answer(1, 0, 0, 0, 0), untrainedState(1));
  await expect.element(page.getByText('No model yet')).toBeVisible();
  expect(page.getByRole('tab').elements()).toHaveLength(0);
});

test('once there is a run, who kept averages current is told that it answers instead of them', async () => {
  const state = trainedState();
  show(async () => answer(1, 0, 0, 0, 0), state);
  const note = page.getByText(/^Run 1 answers now, instead of the averages/);
  await expect.element(page.getByRole('tab', { name: 'Image' })).toBeVisible();
  expect(note.elements()).toHaveLength(0);
  const project = state.project === null ? null : { ...state.project, answersWhileAdding: true };
  stage?.store.setState({ project });
  await expect.element(note).toBeVisible();
  expect(page.getByRole('switch', { name: 'Answer while I add images' }).elements()).toHaveLength(0);
});

test('a model of another network says which network it needs', async () => {
  const state = trainedState();
  const current = state.backbones.current === null ? null : { ...state.backbones.current, id: 'other' };
  show(async () => answer(1, 0, 0, 0, 0), { ...state, backbones: { ...state.backbones, current } });
  await expect.element(page.getByText(/was trained on MobileNet v2 0.35/)).toBeVisible();
});

test('a dropped image gets a bar for every class in class order, and highest first on request', async () => {
  show(async () => answer(0.05, 0.1, 0.7, 0.13, 0.02));
  drop([imageFile('a.svg')]);
  await expect
    .poll(percents)
    .toEqual(['daisy5\u00a0%', 'dandelion10\u00a0%', 'roses70\u00a0%', 'sunflowers13\u00a0%', 'tulips2\u00a0%']);
  await page.getByText('Highest first').click();
  await expect.poll(() => percents()[0]).toBe('roses70\u00a0%');
});

test('the panel is as high before an answer as with one, and says no class before', async () => {
  show(async () => answer(0.05, 0.1, 0.7, 0.13, 0.02));
  await expect.element(page.getByText('Drop or paste an image here')).toBeVisible();
  const heightPx = () => stage?.element.getBoundingClientRect().height;
  const before = heightPx();
  expect(page.getByRole('listitem').elements()).toHaveLength(0);
  drop([imageFile('a.svg')]);
  await expect.poll(() => page.getByRole('listitem').elements().length).toBe(5);
  expect(heightPx()).toBe(before);
});

test('an even answer is called unsure', async () => {
  show(async () => answer(0.3, 0.2, 0.2, 0.2, 0.1));
  drop([imageFile('a.svg')]);
  await expect.element(page.getByText('unsure')).toBeVisible();
});

test('an image that cannot be read says so', async () => {
  show(async () => {
    throw Object.assign(new Error('x'), { code: 'broken-image' });
  });
  drop([imageFile('a.svg')]);
  await expect.element(page.getByText('This image could not be read.')).toBeVisible();
});

test('a pasted image is tried and does not reach the rest of the page', async () => {
  const { named } = show(async () => answer(0.9, 0.1, 0, 0, 0));
  const reached = vi.fn();
  document.addEventListener('paste', reached, { once: true });
  const data = new DataTransfer();
  data.items.add(imageFile('pasted.svg'));
  const button = page.getByRole('button', { name: 'Choose an image' }).element();
  button.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  await expect.poll(() => named('classify').length).toBe(1);
  document.removeEventListener('paste', reached);
  expect(reached).not.toHaveBeenCalled();
});

test('a late answer for an earlier image does not replace the newer one', async () => {
  const waiting: ((result: Classification) => void)[] = [];
  show(() => new Promise((resolve) => waiting.push(resolve)));
  drop([imageFile('first.svg')]);
  await expect.poll(() => waiting.length).toBe(1);
  drop([imageFile('second.svg')]);
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.(answer(0, 0, 1, 0, 0));
  waiting[0]?.(answer(1, 0, 0, 0, 0));
  await expect.poll(() => percents()[2]).toBe('roses100\u00a0%');
  expect(percents()[0]).toBe('daisy0\u00a0%');
});

test('a whole drop becomes a table and a CSV file; a broken file does not stop the rest', async () => {
  const { named } = show(async (image) => {
    if (image instanceof File && image.name === 'b.svg') throw Object.assign(new Error('x'), { code: 'broken-image' });
    return answer(0.1, 0.6, 0.1, 0.1, 0.1);
  });
  await page.getByRole('tab', { name: 'Folder' }).click();
  drop([imageFile('a.svg'), imageFile('b.svg'), imageFile('=c.svg')]);
  await expect.element(page.getByText('3 files classified')).toBeVisible();
  const rows = [...document.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('td')].map((cell) => cell.textContent),
  );
  expect(rows).toEqual([
    ['dandelion', '60\u00a0%', 'a.svg'],
    ['This image could not be read.', '-', 'b.svg'],
    ['dandelion', '60\u00a0%', '=c.svg'],
  ]);
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const [name, type, text] = named('downloadText')[0]?.args ?? [];
  expect([name, type]).toEqual(['graft-predictions.csv', 'text/csv']);
  expect(String(text).trimEnd().split('\r\n')).toEqual([
    'file,class,probability,problem,daisy,dandelion,roses,sunflowers,tulips',
    'a.svg,dandelion,0.6,,0.1,0.6,0.1,0.1,0.1',
    'b.svg,,,This image could not be read.,,,,,',
    "'=c.svg,dandelion,0.6,,0.1,0.6,0.1,0.1,0.1",
  ]);
});

test('a batch can be cancelled and keeps what was done', async () => {
  const waiting: (() => void)[] = [];
  show(
    () =>
      new Promise((resolve) => {
        waiting.push(() => resolve(answer(1, 0, 0, 0, 0)));
      }),
  );
  await page.getByRole('tab', { name: 'Folder' }).click();
  drop([imageFile('a.svg'), imageFile('b.svg')]);
  await expect.poll(() => waiting.length).toBe(1);
  await page.getByRole('button', { name: 'Cancel' }).click();
  waiting[0]?.();
  await expect.element(page.getByText('0 files classified, then cancelled')).toBeVisible();
  expect(waiting).toHaveLength(1);
});

/** A camera that is a canvas. */
function fakeCamera() {
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 48;
  const paint = canvas.getContext('2d');
  const timer = setInterval(() => paint?.fillRect(0, 0, Math.random() * 64, 48), 30);
  const stream = canvas.captureStream(30);
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(async () => stream);
  return { stream, end: () => clearInterval(timer) };
}

test('the camera has one frame in flight at a time and lets go of the device when stopped', async () => {
  const camera = fakeCamera();
  let inFlight = 0;
  let mostInFlight = 0;
  const { named } = show(async (image) => {
    expect(image).toBeInstanceOf(ImageBitmap);
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inFlight -= 1;
    return answer(0.8, 0.2, 0, 0, 0);
  });
  await page.getByRole('tab', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Start the camera' }).click();
  await expect.poll(() => named('classify').length, { timeout: 10_000 }).toBeGreaterThan(4);
  expect(mostInFlight).toBe(1);
  await expect.element(page.getByText(/frames\/s$/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop the camera' }).click();
  expect(camera.stream.getTracks().map((track) => track.readyState)).toEqual(['ended']);
  camera.end();
});

test('a camera that is refused says how to allow it', async () => {
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValue(new DOMException('no', 'NotAllowedError'));
  show(async () => answer(1, 0, 0, 0, 0));
  await page.getByRole('tab', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Start the camera' }).click();
  await expect.element(page.getByText(/The camera is blocked for this page/)).toBeVisible();
});

test('before any training averages answer, and it is said of how many images and how good they are', async () => {
  const state = untrainedState();
  const classes = state.project?.dataset.classes ?? [];
  const { named } = show(async () => answer(0.1, 0.6, 0.1, 0.1, 0.1), state);
  await expect.element(page.getByText(/Nothing is trained yet/)).toBeVisible();
  const heightPx = () => stage?.element.getBoundingClientRect().height;
  const before = heightPx();
  const model = {
    id: 'a',
    classes,
    resizeMode: 'crop' as const,
    backbone: { id: 'tiny', sha256: 'b'.repeat(64) },
    head: { layers: [] },
    imageCount: 500,
    judgedCount: 500,
    accuracyRatio: 0.81,
  };
  drop([imageFile('a.svg')]);
  await expect.poll(() => percents()[1]).toBe('dandelion60\u00a0%');
  stage?.store.setState({ instant: { model, preparing: null, problem: null } });
  await expect.element(page.getByText('Answering from class averages of 500 images.')).toBeVisible();
  await expect.element(page.getByText(/Before any training: 81/)).toBeVisible();
  // Other averages may say something else of the same image.
  await expect.poll(() => named('classify').length).toBe(2);
  stage?.store.setState({ instant: { model, preparing: { doneCount: 3, totalCount: 40 }, problem: null } });
  await expect.element(page.getByText('3 of 40')).toBeVisible();
  expect(heightPx()).toBe(before);
  await page.getByText('Answer while I add images').click();
  expect(named('answerWhileAdding').map(({ args }) => args)).toEqual([[true]]);
});
