import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { TrainingPanel } from '../../../../src/features/training/TrainingPanel.tsx';
import { untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

const SIDE = 2;

/** Samples of one grey, as the engine gives them. */
function show(state = untrainedState()) {
  const recording = recordingCommands({
    augmentSamples: async (hashes) => ({
      side: SIDE,
      hashes,
      pixels: new Uint8ClampedArray(hashes.length * SIDE * SIDE * 4).fill(200),
      millisecondsPerImage: 5,
    }),
    changeSettings: (change) =>
      stage?.store.setState(({ project }) => ({
        project: project === null ? null : { ...project, settings: { ...project.settings, ...change } },
      })),
  });
  stage = onStage(<TrainingPanel />, state, recording.commands);
  return recording;
}

function withAugment(augment: 'off' | 'photos') {
  const state = untrainedState();
  if (state.project === null) throw new Error('the sample state has a project');
  return { ...state, project: { ...state.project, settings: { ...state.project.settings, augment } } };
}

const open = () => page.getByRole('button', { name: /^Augmentation/ }).click();

test('samples are made only once the part is open, twelve of different images', async () => {
  const { named } = show();
  expect(named('augmentSamples')).toEqual([]);
  await open();
  await expect.element(page.getByRole('img', { name: '12 of your images, changed as in training' })).toBeVisible();
  const [hashes] = named('augmentSamples')[0]?.args ?? [];
  expect(new Set(hashes as string[]).size).toBe(12);
  expect(stage?.element.querySelectorAll('canvas')).toHaveLength(12);
});

test('a preset is chosen from the list', async () => {
  const { named } = show();
  await open();
  await page
    .getByRole('button', { name: /Change training images$/ })
    .last()
    .click();
  await page.getByRole('option', { name: 'Documents' }).click();
  expect(named('changeSettings').map(({ args }) => args[0])).toEqual([{ augment: 'documents' }]);
});

test('one press of an arrow on a strength makes it one of the user’s own, and the samples follow', async () => {
  const { named } = show(withAugment('photos'));
  await open();
  await page.getByRole('button', { name: /^Strengths/ }).click();
  await page.getByRole('slider', { name: 'Rotation' }).element().focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(named('changeSettings').at(-1)?.args[0]).toMatchObject({ augment: { rotateDegrees: 16, cropRatio: 0.25 } });
  await expect.poll(() => named('augmentSamples').at(-1)?.args[1]).toMatchObject({ rotateDegrees: 16 });
});

test('what the views cost is told before training', async () => {
  show(withAugment('photos'));
  await open();
  await expect
    .element(page.getByText(/^4 views of \d+ training images: about .* more on this device, once\./))
    .toBeVisible();
});

test('without images it says what to do', async () => {
  show(untrainedState(2, 0));
  await open();
  await expect.element(page.getByText('Add images to see here what the model would be shown.')).toBeVisible();
});
