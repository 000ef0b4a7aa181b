import { beforeAll, describe, expect, it } from 'vitest';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { type FineTuneOptions, trainFineTuned } from '../../../src/engine/fine-tune/train-fine-tuned.ts';
import { createTunedStepper } from '../../../src/engine/fine-tune/tuned-stepper.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { FoldedNode } from '../../../src/graph/folded-graph.ts';
import type { UpperGraph } from '../../../src/graph/split-at-stage.ts';
import { filter, fineTuneRun, LIVELY } from './fine-tune-setup.ts';
import { noise } from './gradient-cases.ts';
import { makeRun, useBackend } from './train-setup.ts';

type Layers = Readonly<Record<'depthwise' | 'pointwise' | 'head', readonly [number[], number[]]>>;

/** What `make_fine_tune.py` wrote. */
interface Golden {
  readonly rate: number;
  readonly labels: readonly number[];
  readonly atCut: readonly number[];
  readonly before: Layers;
  readonly losses: readonly number[];
  readonly after: Layers;
}

const SIDE = 5;
const CHANNELS = 6;
const weight = (shape: number[], values: readonly number[]) => ({ shape, values: Float32Array.from(values) });

/** The upper part that `make_fine_tune.py` describes. */
function upperOf({ depthwise, pointwise }: Layers): UpperGraph {
  const shape = [SIDE, SIDE, CHANNELS] as const;
  const nodes: FoldedNode[] = [
    { op: 'input', name: 'cut', inputs: [], shape },
    {
      op: 'depthwise',
      name: 'depthwise',
      inputs: ['cut'],
      shape,
      kernel: weight([3, 3, CHANNELS, 1], depthwise[0]),
      bias: weight([CHANNELS], depthwise[1]),
      ...filter,
      activation: 'relu6',
    },
    {
      op: 'conv',
      name: 'pointwise',
      inputs: ['depthwise'],
      shape,
      groups: 1,
      kernel: weight([1, 1, CHANNELS, CHANNELS], pointwise[0]),
      bias: weight([CHANNELS], pointwise[1]),
      ...filter,
      activation: 'linear',
    },
    { op: 'add', name: 'sum', inputs: ['cut', 'pointwise'], shape, activation: 'linear' },
    { op: 'globalAveragePool', name: 'pool', inputs: ['sum'], shape: [CHANNELS] },
  ];
  return { cutNode: 'cut', inputShape: shape, nodes, featureLength: CHANNELS };
}

/** Largest difference relative to the largest wanted value. */
function apart(given: ArrayLike<number>, wanted: readonly number[]): number {
  const largest = Math.max(...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, index) => Math.abs(value - (given[index] ?? Number.NaN)))) / largest;
}

describe.each(['wasm', 'cpu'] as const)('ten steps on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('of head and stages end where PyTorch ends, and no tensor stays', async () => {
    const golden = (await (await fetch(`${location.origin}/tests/fixtures/training/fine-tune.json`)).json()) as Golden;
    const before = tf.memory().numTensors;
    const [kernel, bias] = golden.before.head;
    const head: HeadWeights = {
      layers: [
        {
          kernel: Float32Array.from(kernel),
          bias: Float32Array.from(bias),
          inputLength: CHANNELS,
          outputLength: 3,
          activation: 'softmax',
        },
      ],
    };
    const rows = {
      part: 'train',
      rowIndices: Int32Array.from(golden.labels.keys()),
      classIndices: Int32Array.from(golden.labels),
    } as const;
    const rowLength = SIDE * SIDE * CHANNELS;
    const { options } = makeRun({
      settings: {
        epochs: 10,
        hiddenUnits: 0,
        dropout: 0,
        l2: 0,
        warmupRatio: 0,
        cosineDecay: false,
        learningRate: golden.rate,
        batchSize: 64,
      },
    });
    const stepper = createTunedStepper({
      graph: upperOf(golden.before),
      stageOf: () => 0,
      activations: (picked) =>
        Float32Array.from([...picked].flatMap((row) => golden.atCut.slice(row * rowLength, (row + 1) * rowLength))),
      head,
      train: rows,
      judge: rows,
      shape: { featureLength: CHANNELS, hiddenUnits: [], classCount: 3 },
      settings: options.settings,
    });
    const losses: number[] = [];
    for (let step = 0; step < 10; step += 1) {
      stepper.startEpoch();
      stepper.step(0);
      losses.push((await stepper.finishEpoch()).trainLoss);
    }
    expect(apart(losses, golden.losses)).toBeLessThan(1e-4);
    for (const { nodeName, kernel: tuned, bias: offset } of await stepper.readKeptStages()) {
      const [wantedKernel, wantedBias] = golden.after[nodeName as 'depthwise' | 'pointwise'];
      expect(apart(tuned, wantedKernel)).toBeLessThan(1e-3);
      expect(apart(offset, wantedBias)).toBeLessThan(1e-3);
    }
    expect(apart((await stepper.readKept()).layers[0]?.kernel ?? [], golden.after.head[0])).toBeLessThan(1e-3);
    stepper.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a run in two phases', () => {
  beforeAll(() => useBackend('wasm'));

  it('goes on counting epochs, learns more than the head alone, and is the same twice', async () => {
    const first = await fineTuneRun({ settings: LIVELY, validationCount: 60 });
    const before = tf.memory().numTensors;
    const output = await trainFineTuned(first.options);
    expect(tf.memory().numTensors).toBe(before);
    expect(first.events.map(({ epoch }) => epoch.phase)).toEqual([
      ...Array(4).fill('head'),
      ...Array(12).fill('fine-tune'),
    ]);
    expect(first.events.map(({ epoch }) => epoch.epochIndex)).toEqual([...Array(16).keys()]);
    expect(output.guard).toMatchObject({ kept: true, imageCount: 60 });
    expect(output.tuned?.weights.map(({ nodeName }) => nodeName)).toEqual(['block_2', 'block_3']);
    expect(output.bestEpochIndex).toBeGreaterThan(3);
    const events = structuredClone(first.events.map(({ epoch }) => ({ ...epoch, elapsedMs: 0 })));
    first.events.length = 0;
    const again = await trainFineTuned(first.options);
    expect(first.events.map(({ epoch }) => ({ ...epoch, elapsedMs: 0 }))).toEqual(events);
    expect(again.tuned).toEqual(output.tuned);
  });

  it('that does not help goes back to the frozen network and says so', async () => {
    const { options } = await fineTuneRun({ settings: { ...LIVELY, fineTuneEpochs: 3 }, validationCount: 30 }, false);
    const output = await trainFineTuned(options);
    expect(output).toMatchObject({ tuned: null, guard: { kept: false } });
    expect(output.bestEpochIndex).toBeLessThan(4);
  });

  it('stopped in the first phase ends with the head alone; cancelled it leaves nothing', async () => {
    const stopped = await fineTuneRun({ settings: LIVELY, stopRequested: (events) => events.length >= 2 });
    expect(await trainFineTuned(stopped.options)).toMatchObject({ end: 'stopped-by-user', tuned: null, guard: null });
    const before = tf.memory().numTensors;
    const cancel = new AbortController();
    const run = await fineTuneRun({ settings: LIVELY, signal: cancel.signal });
    const emit: FineTuneOptions['emit'] = ({ epoch }) => epoch.phase === 'fine-tune' && cancel.abort();
    await expect(trainFineTuned({ ...run.options, emit })).rejects.toMatchObject({ name: 'AbortError' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('whose loss grows without bound ends with plain advice', async () => {
    const { options } = await fineTuneRun({
      settings: { ...LIVELY, epochs: 1, optimizer: 'sgd', learningRate: 10, stageRateDecay: 1 },
    });
    const rates = { ...options.settings, learningRate: 0.001, fineTuneRate: 1e7 };
    await expect(trainFineTuned({ ...options, settings: rates })).rejects.toMatchObject({ code: 'training-diverged' });
  });

  it('needs validation images', async () => {
    const { options } = await fineTuneRun({ settings: LIVELY, validationCount: 0 });
    await expect(trainFineTuned(options)).rejects.toMatchObject({ code: 'fine-tune-needs-validation' });
  });

  it('is refused for neighbours, which hold no weights that stages could learn with', async () => {
    const { options } = await fineTuneRun({ settings: { ...LIVELY, head: 'neighbours' } });
    await expect(trainFineTuned(options)).rejects.toMatchObject({ code: 'fine-tune-neighbours' });
  });

  it('goes through images and changed views in both phases, and judges by images alone', async () => {
    const { options } = await fineTuneRun({ settings: { ...LIVELY, mixup: 0.4 }, trainCount: 12, validationCount: 6 });
    const { values, featureLength } = options.features;
    const own = values.slice(0, 12 * featureLength);
    const askedRows = new Set<number>();
    const viewed: FineTuneOptions = {
      ...options,
      viewCount: 2,
      features: { values: Float32Array.from([...values, ...own, ...own]), featureLength },
      // Views that change nothing: row 18 + 12 v + i is image i once more.
      activations: (rows) => {
        for (const row of rows) askedRows.add(row);
        return options.activations(rows.map((row) => (row < 18 ? row : (row - 18) % 12)));
      },
    };
    const seen: number[] = [];
    const emit: FineTuneOptions['emit'] = ({ confusion }) =>
      seen.push(confusion.reduce((sum, count) => sum + count, 0));
    await trainFineTuned({ ...viewed, emit });
    expect([...askedRows].sort((a, b) => a - b)).toEqual([...Array(18 + 24).keys()]);
    expect(new Set(seen)).toEqual(new Set([6]));
  });

  it('blends no rows while stages are trained: with mixup they move as without it from the same head', async () => {
    // Class averages take no notice of mixup, so that the second phase starts alike.
    const settings = { ...LIVELY, head: 'prototypes', fineTuneEpochs: 4 } as const;
    const { options, events } = await fineTuneRun({ settings, validationCount: 60 });
    const stagesAfter = async (mixup: number) => {
      events.length = 0;
      await trainFineTuned({ ...options, settings: { ...options.settings, mixup } });
      return events.map(({ epoch }) => epoch.trainLoss);
    };
    expect(await stagesAfter(0.4)).toEqual(await stagesAfter(0));
  });

  it('counts stages from the output', async () => {
    const { cut } = await fineTuneRun();
    expect(['block_3', 'block_2'].map(cut.stageOf)).toEqual([0, 1]);
  });
});

describe('the rate of deeper stages', () => {
  beforeAll(() => useBackend('wasm'));

  /** What one SGD step changes in every stage, by its node's name. */
  // One that says something: above zeros no slope reaches the stages.
  const head: HeadWeights = {
    layers: [{ kernel: noise(12), bias: noise(3), inputLength: 4, outputLength: 3, activation: 'softmax' }],
  };

  async function changesOfOneStep(
    { options, cut }: Awaited<ReturnType<typeof fineTuneRun>>,
    stageRateDecay: number,
  ): Promise<ReadonlyMap<string, readonly number[]>> {
    const { classIndices } = options.rows;
    const rows = {
      part: 'train',
      rowIndices: Int32Array.from(classIndices.keys()),
      classIndices: Int32Array.from(classIndices),
    } as const;
    const shape = { featureLength: 4, hiddenUnits: [], classCount: 3 };
    const stepper = createTunedStepper({
      graph: cut.upper,
      stageOf: cut.stageOf,
      activations: options.activations,
      head,
      train: rows,
      judge: rows,
      shape,
      settings: { ...options.settings, stageRateDecay },
    });
    stepper.startEpoch();
    stepper.step(0);
    const before = new Map(
      cut.upper.nodes.flatMap((node) => ('kernel' in node ? [[node.name, node.kernel.values]] : [])),
    );
    const changes = new Map<string, readonly number[]>();
    for (const { nodeName, kernel } of await stepper.readKeptStages()) {
      changes.set(
        nodeName,
        [...kernel].map((value, index) => value - (before.get(nodeName)?.[index] ?? Number.NaN)),
      );
    }
    stepper.dispose();
    return changes;
  }

  it('is that of the stage after it times the decay, number by number', async () => {
    const settings = { ...LIVELY, optimizer: 'sgd', l2: 0, warmupRatio: 0, cosineDecay: false } as const;
    const run = await fineTuneRun({ settings });
    const alike = await changesOfOneStep(run, 1);
    const decayed = await changesOfOneStep(run, 0.25);
    for (const [name, factor] of [
      ['block_3', 1],
      ['block_2', 0.25],
    ] as const) {
      const wanted = (alike.get(name) ?? []).map((change) => change * factor);
      expect(Math.max(...wanted.map(Math.abs))).toBeGreaterThan(1e-5);
      expect(apart(decayed.get(name) ?? [], wanted)).toBeLessThan(5e-3);
    }
  });
});
