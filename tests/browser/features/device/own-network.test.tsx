import { afterEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { FoundNetwork } from '../../../../src/domain/found-network.ts';
import { OwnNetworkWindow } from '../../../../src/features/device/OwnNetworkWindow.tsx';
import type { OwnNetworkState } from '../../../../src/state/app-state.ts';
import { INITIAL_STATE } from '../../../../src/state/store.ts';
import { sampleProject, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

const FOUND: FoundNetwork = {
  format: 'keras-h5',
  name: 'birds',
  family: 'own',
  inputSide: 160,
  inputSideFixed: false,
  pixels: '[0,1]',
  pixelsReason: 'Only a guess: nothing in the file says it.',
  featureLayer: null,
  featureLength: 256,
  featureChoices: [
    { name: 'block_2', shape: [7, 7, 256] },
    { name: 'block_1', shape: [14, 14, 128] },
  ],
  head: null,
  parameterCount: 123_456,
  sizeBytes: 500_000,
  sha256: 'abcdef0123456789'.repeat(4),
};
const HEAD = {
  labels: ['cat', 'dog'],
  weights: { layers: [] },
  reason: null,
};

function show(ownNetwork: OwnNetworkState, isEmpty = true) {
  const recorded = recordingCommands();
  const state = untrainedState();
  const project = isEmpty ? sampleProject({ classes: [], images: new Map() }) : state.project;
  stage = onStage(<OwnNetworkWindow />, { ...state, project, ownNetwork }, recorded.commands);
  return recorded;
}

const found = (change: Partial<FoundNetwork> = {}): OwnNetworkState => ({
  kind: 'found',
  found: { ...FOUND, ...change },
  isBusy: false,
  problem: null,
});

describe('the window on a network the user brings', () => {
  test('is not there while none is brought', () => {
    stage = onStage(<OwnNetworkWindow />, INITIAL_STATE, recordingCommands().commands);
    expect(document.querySelector('[role=dialog]')).toBeNull();
  });

  test('says what was recognised, and that a scaling is only a guess', async () => {
    show(found());
    const dialog = page.getByRole('dialog', { name: 'Your network' });
    await expect.element(dialog).toHaveTextContent(/Keras .h5.*123,456.*256 numbers.*abcdef012345…/);
    await expect.element(page.getByText('Only a guess: nothing in the file says it.')).toBeVisible();
    await expect.element(page.getByText(/A wrong scaling gives no error/)).toBeVisible();
  });

  test('uses it as it was found', async () => {
    const { named } = show(found());
    await userEvent.click(page.getByRole('button', { name: 'Use this network' }));
    const choices = { name: 'birds', inputSide: 160, pixels: '[0,1]', featureLayer: null };
    expect(named('useBroughtNetwork').map(({ args }) => args)).toEqual([[choices, false]]);
  });

  test('uses it with another scaling and cut at another layer', async () => {
    const { named } = show(found());
    await userEvent.click(page.getByRole('button', { name: /Pixel scaling/ }));
    await userEvent.click(page.getByRole('option', { name: /mean, over deviation/ }));
    await expect.element(page.getByText('Chosen by you.')).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: /Cut/ }));
    await userEvent.click(page.getByRole('option', { name: /block_1/ }));
    await userEvent.click(page.getByRole('button', { name: 'Use this network' }));
    expect(named('useBroughtNetwork')[0]?.args[0]).toMatchObject({ pixels: 'imagenet', featureLayer: 'block_1' });
  });

  test('offers its classifier to an empty project, and may leave it', async () => {
    const { named } = show(found({ head: HEAD }));
    await expect.element(page.getByText(/Makes the classes cat, dog/)).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: 'Use this network' }));
    await userEvent.click(page.getByText('Open its classifier of 2 classes too'));
    await userEvent.click(page.getByRole('button', { name: 'Use this network' }));
    expect(named('useBroughtNetwork').map(({ args }) => args[1])).toEqual([true, false]);
  });

  test('leaves the classifier out of a project with classes, and says why', async () => {
    const { named } = show(found({ head: HEAD }), false);
    await expect.element(page.getByText(/This project has classes of its own/)).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: 'Use this network' }));
    expect(named('useBroughtNetwork')[0]?.args[1]).toBe(false);
  });

  test('says why a classifier cannot be opened', async () => {
    show(found({ head: { labels: ['a', 'b'], weights: null, reason: 'It has a layer too many.' } }));
    await expect.element(page.getByText(/It has a layer too many\. The network below it can be used/)).toBeVisible();
  });

  test('keeps the choices and says why when it could not be used', async () => {
    show({ kind: 'found', found: FOUND, isBusy: false, problem: 'The layer “x” cannot be run.' });
    await expect.element(page.getByText('The layer “x” cannot be run.')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Use this network' })).toBeEnabled();
  });

  test('says what is wrong with files that hold no network, and is closed', async () => {
    const { named } = show({
      kind: 'failed',
      title: 'The network file is damaged.',
      advice: 'The network in use stays.',
    });
    await expect.element(page.getByText('The network in use stays.')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Choose other files…' })).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: 'Close', exact: true }).last());
    expect(named('closeBroughtNetwork')).toHaveLength(1);
  });

  test('stops reading when asked to', async () => {
    const { named } = show({ kind: 'reading' });
    await userEvent.click(page.getByRole('button', { name: 'Cancel' }));
    expect(named('closeBroughtNetwork')).toHaveLength(1);
  });
});
