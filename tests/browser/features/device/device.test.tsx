import { afterEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { BackboneEntry, BackboneOrigin } from '../../../../src/domain/backbone.ts';
import { catalogueFacts, OFFICIAL_BACKBONES } from '../../../../src/domain/backbone-catalogue.ts';
import { BackboneChip } from '../../../../src/features/device/BackboneChip.tsx';
import { DeviceChip } from '../../../../src/features/device/DeviceChip.tsx';
import type { AppState, BackbonesState, Download, EngineState } from '../../../../src/state/app-state.ts';
import { sampleJob, trainingJob } from '../../../helpers/browser/sample-jobs.ts';
import { untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

const ready: EngineState = {
  kind: 'ready',
  device: {
    backend: 'wasm',
    adapter: '',
    softwareAdapter: false,
    threadCount: 2,
    chosenByUser: false,
    probes: [
      { backend: 'webgpu', probeMs: 210, reason: 'imitated in software' },
      { backend: 'webgl', probeMs: null, reason: 'does not start here' },
      { backend: 'wasm', probeMs: 4.2, reason: null },
    ],
  },
};

function factsOf(id: string): Pick<BackboneEntry, 'facts'> {
  const facts = catalogueFacts(id);
  return facts === null ? {} : { facts };
}

function entry(id: string, name: string, origin: BackboneOrigin, family = 'mobilenet-v2'): BackboneEntry {
  return {
    origin,
    urls: origin === 'own' ? [] : [`https://networks.example/${id}/model.json`],
    manifest: {
      id,
      name,
      family,
      inputSide: 224,
      pixels: '[-1,1]',
      featureLayer: null,
      licence: 'Apache-2.0',
      source: 'Google',
      sizeBytes: 14e6,
    },
  };
}

describe('the device', () => {
  async function open(change: Partial<AppState> = {}) {
    const recorded = recordingCommands();
    stage = onStage(<DeviceChip />, { ...untrainedState(), engine: ready, ...change }, recorded.commands);
    await userEvent.click(page.getByRole('button', { name: /^Device/ }));
    return recorded;
  }

  test('is named with the speed that was measured, and every probe with its reason', async () => {
    await open();
    await expect
      .element(page.getByRole('button', { name: /^Device/, includeHidden: true }))
      .toHaveTextContent(/18\sms an image/);
    await expect.element(page.getByText('WebAssembly with 2 threads')).toBeVisible();
    await expect
      .element(page.getByRole('radio', { name: /WebGPU/ }))
      .toHaveAccessibleName(/210.0\u00a0ms, imitated in software/);
  });

  test('takes another backend, and goes back to the fastest', async () => {
    const { named } = await open();
    await userEvent.click(page.getByText('WebGPU', { exact: true }));
    await expect.element(page.getByRole('radio', { name: /WebGL/ })).toBeDisabled();
    expect(named('chooseBackend').map(({ args }) => args)).toEqual([['webgpu']]);
    stage?.store.setState({ engine: { ...ready, device: { ...ready.device, chosenByUser: true } } });
    await expect.element(page.getByRole('radio', { name: /WebAssembly 4/ })).toBeChecked();
    await userEvent.click(page.getByText('Fastest'));
    expect(named('chooseBackend').map(({ args }) => args)).toEqual([['webgpu'], [null]]);
  });

  test('does not change while a run is going', async () => {
    await open({ jobs: [trainingJob({ kind: 'evaluating' })] });
    await expect.element(page.getByRole('radio', { name: /WebGPU/ })).toBeDisabled();
  });

  test('says why the engine restarts and what is kept', async () => {
    await open({ engine: { kind: 'restarting', reason: 'The graphics card went away.' } });
    await expect.element(page.getByText('The graphics card went away. Your images and models are kept.')).toBeVisible();
  });
});

describe('the backbones', () => {
  const backbones: BackbonesState = {
    ...untrainedState().backbones,
    entries: [
      entry('mobilenet_v2_0.35_224', 'MobileNet v2 0.35', 'bundled'),
      entry('big', 'MobileNet v2 1.0', 'official'),
      { ...entry('kept', 'MobileNet v1 1.0', 'official', 'mobilenet-v1'), ...factsOf('mobilenet-v1-1.0') },
    ],
    cachedIds: ['kept'],
    currentReason: 'It comes with Graft.',
  };

  async function open(change: Partial<BackbonesState> = {}) {
    const recorded = recordingCommands();
    const state = { ...untrainedState(), backbones: { ...backbones, ...change } };
    stage = onStage(<BackboneChip />, state, recorded.commands);
    await userEvent.click(page.getByRole('button', { name: /^Backbone/ }));
    return recorded;
  }

  test('are listed by family with their facts and where they are, and the one in use with the reason', async () => {
    await open();
    await expect.element(page.getByText(/It comes with Graft\./)).toBeVisible();
    const family = page.getByRole('region', { name: 'MobileNet v1' });
    const kept = family.getByRole('listitem').filter({ hasText: 'MobileNet v1 1.0' });
    await expect.element(kept).toHaveTextContent(/An older design.*Year2017/);
    await expect.element(kept).toHaveTextContent(/about 14.0\sMB.*1,024\snumbers.*224\spx.*Apache-2.0/);
    await expect.element(kept).toHaveTextContent('Kept in this browser');
    await expect
      .element(page.getByRole('listitem').filter({ hasText: 'in use' }))
      .toHaveTextContent('Comes with Graft');
  });

  test('lead to the comparison on the user’s own images', async () => {
    const { named } = await open();
    await userEvent.click(page.getByRole('button', { name: 'Compare on my images' }));
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    expect(named('showTab').map(({ args }) => args)).toEqual([['compare']]);
  });

  test('without a download ask for the file, and pass it on', async () => {
    const { named } = await open({ entries: OFFICIAL_BACKBONES });
    const vgg = page.getByRole('listitem').filter({ hasText: 'VGG-16' });
    await expect.element(vgg).toHaveTextContent(/vgg16_weights.*notop\.h5/);
    await expect.element(vgg.getByRole('button')).toHaveAccessibleName('Choose file of VGG-16');
    const input = vgg.element().querySelector('input[type=file]');
    if (!(input instanceof HTMLInputElement)) throw new Error('No file picker');
    await userEvent.upload(input, new File(['x'], 'vgg16.h5'));
    expect(named('bringNetwork')).toHaveLength(1);
  });

  test('brought by the user come first, and are removed after a question', async () => {
    const { named } = await open({ entries: [...backbones.entries, entry('own-1', 'Birds', 'own')] });
    await expect.element(page.getByRole('region').first()).toHaveAccessibleName('Yours');
    await userEvent.click(page.getByRole('button', { name: 'Remove Birds' }));
    await userEvent.click(page.getByRole('button', { name: 'Remove network' }));
    expect(named('removeBackbone').map(({ args }) => args)).toEqual([['own-1']]);
  });

  test('say before a download that it is one', async () => {
    const { named } = await open();
    await userEvent.click(page.getByRole('button', { name: 'Use: MobileNet v1 1.0' }));
    await userEvent.click(page.getByRole('button', { name: 'Download and use: MobileNet v2 1.0' }));
    expect(named('useBackbone').map(({ args }) => args)).toEqual([['kept'], ['big']]);
  });

  test('show a download with its bytes, and cancel it', async () => {
    const { named } = await open();
    const progress = { loadedBytes: 7e6, totalBytes: 14e6, stage: 'downloading' } as const;
    stage?.store.setState({ jobs: [sampleJob('backbone', { id: 'big', progress })] });
    await expect.element(page.getByRole('progressbar', { name: 'Loading' })).toHaveAttribute('aria-valuenow', '0.5');
    await expect.element(page.getByText('7.0\u00a0MB of 14.0\u00a0MB')).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: 'Cancel loading MobileNet v2 1.0' }));
    expect(named('cancelBackboneDownload')).toHaveLength(1);
  });

  test('say why one failed and offer to try again', async () => {
    const { named } = await open({ lastError: { id: 'big', message: 'The download did not arrive.' } });
    await expect.element(page.getByText('The download did not arrive.')).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: 'Try again: MobileNet v2 1.0' }));
    expect(named('useBackbone').map(({ args }) => args)).toEqual([['big']]);
  });
});

describe('the chip of the backbone', () => {
  const half = { loadedBytes: 7e6, totalBytes: 14e6, stage: 'downloading' } as const;
  const chip = () => page.getByRole('button', { name: /^Backbone/ });

  function show(change: Partial<BackbonesState>, progress?: Download) {
    const { backbones } = untrainedState();
    stage = onStage(
      <BackboneChip />,
      {
        ...untrainedState(),
        backbones: { ...backbones, ...change },
        jobs: progress === undefined ? [] : [sampleJob('backbone', { id: 'big', progress })],
      },
      recordingCommands().commands,
    );
  }

  /** Moves the loading on, as the engine's events do. */
  function load(progress: Download) {
    stage?.store.setState({ jobs: [sampleJob('backbone', { id: 'big', progress })] });
  }

  /** Width of the bar along the chip as a share of it; null where there is none. */
  function barRatio(): number | null {
    const bar = chip().element().querySelector('[aria-hidden][style]');
    if (bar === null) return null;
    return Math.round((bar.getBoundingClientRect().width / chip().element().clientWidth) * 100) / 100;
  }

  test('says how far the first network is, then what is done to it, then its name', async () => {
    show({ current: null }, half);
    await expect.element(chip()).toHaveTextContent(/^Backbone: Loading 50\s%$/);
    for (const [stageOfLoad, words] of [
      ['checking', 'Checking'],
      ['folding', 'Preparing'],
      ['warming-up', 'Warming up'],
    ] as const) {
      load({ ...half, stage: stageOfLoad });
      await expect.element(chip()).toHaveTextContent(`Backbone: ${words}`);
    }
    stage?.store.setState({ backbones: untrainedState().backbones, jobs: [] });
    await expect.element(chip()).toHaveTextContent('Backbone: MobileNet v2 0.35');
  });

  test('of unknown size, it names the stage and no share', async () => {
    show({ current: null }, { ...half, totalBytes: 0 });
    await expect.element(chip()).toHaveTextContent(/^Backbone: Loading$/);
  });

  test('keeps the name of the one in use while the next is fetched, with a bar along it', async () => {
    show({}, half);
    await expect.element(chip()).toHaveTextContent(/MobileNet v2 0.35next: loading 50\s%/);
    expect(barRatio()).toBe(0.5);
    load({ ...half, loadedBytes: 10.5e6 });
    await expect.element(chip()).toHaveTextContent(/next: loading 75\s%/);
    expect(barRatio()).toBe(0.75);
    load({ ...half, stage: 'warming-up' });
    await expect.element(chip()).toHaveTextContent('next: warming up');
    expect(barRatio()).toBe(1);
    stage?.store.setState({ backbones: untrainedState().backbones, jobs: [] });
    await expect.element(chip()).not.toHaveTextContent('next');
    expect(barRatio()).toBeNull();
  });

  test('without any network it asks for a choice, once the list is there', async () => {
    show({ current: null, entries: [] });
    await expect.element(chip()).toHaveTextContent('Looking for backbones');
    stage?.store.setState(({ backbones }) => ({
      backbones: { ...backbones, entries: [entry('big', 'MobileNet v2 1.0', 'official')] },
    }));
    await expect.element(chip()).toHaveTextContent('Choose a backbone');
  });
});
