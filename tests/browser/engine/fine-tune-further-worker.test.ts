import { afterAll, beforeAll, expect, it } from 'vitest';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import type { ViewPlan } from '../../../src/domain/augmented-view.ts';
import { DEFAULT_SETTINGS, resolveSettings, type TrainingSettings } from '../../../src/domain/settings.ts';
import type { TunedStages, TunedStart } from '../../../src/domain/tuned-stages.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import { splitAtStage } from '../../../src/graph/split-at-stage.ts';
import {
  clearEngineStorage,
  endEngine,
  noiseImages,
  startTestEngine,
  type TestEngine,
  tinyHead,
} from '../../helpers/browser/engine.ts';

const HEAD = tinyHead((index) => ((index * 7) % 5) * 3 - 6);

let client: TestEngine;
let images: Awaited<ReturnType<typeof noiseImages>>;
let rows: EngineCalls['train']['input']['rows'];

beforeAll(async () => {
  await clearEngineStorage();
  client = await startTestEngine('wasm');
  images = await noiseImages(700, 20);
  rows = {
    hashes: images.map(({ hash }) => hash),
    classIndices: images.map((_, index) => index % 2),
    parts: images.map((_, index) => (['train', 'train', 'validation', 'train', 'test'] as const)[index % 5] ?? 'train'),
  };
});

afterAll(() => endEngine(client));

/** The last stage with its kernels as many times as large. */
async function stagesTimes(factor: number): Promise<TunedStages> {
  const { upper } = splitAtStage(await client.call('exportBackbone', { tuned: null }), 1);
  const weights = upper.nodes.flatMap((node) =>
    'kernel' in node
      ? [{ nodeName: node.name, kernel: node.kernel.values.map((value) => value * factor), bias: node.bias.values }]
      : [],
  );
  return { stageCount: 1, cutNode: upper.cutNode, weights };
}

/** At a rate at which nothing moves, so that what a run starts from shows. */
function still(change: Partial<TrainingSettings>) {
  const rates = { learningRate: 1e-6, fineTuneRate: 1e-4, dropout: 0, hiddenUnits: 0, labelSmoothing: 0 } as const;
  return resolveSettings(
    { ...DEFAULT_SETTINGS, ...rates, epochs: 2, fineTuneStages: 1, fineTuneEpochs: 1, ...change },
    { classCounts: [6, 6] },
  );
}

/** Trains, and says what the epochs of each phase measured. */
async function train(settings: ReturnType<typeof still>, tunedStart: TunedStart | null) {
  const input = { rows, classCount: 2, settings, resizeMode: 'crop', initialHead: HEAD, tunedStart } as const;
  const epochs: { phase: string; trainLoss: number; validationLoss: number | null }[] = [];
  const output = await client.call('train', input, {
    onEvent: (event) => 'epoch' in event && epochs.push(event.epoch),
  });
  return { output, epochs };
}

const predict = (tuned: TunedStages) =>
  client.call('predict', { hashes: rows.hashes, head: HEAD, tuned, resizeMode: 'crop' });

it('a run starts from the stages and the head given, and goes back to these; no tensor stays', async () => {
  const tuned = await stagesTimes(1.5);
  await client.call('embed', { images, resizeMode: 'crop', stageCount: 1 });
  const probabilities = await predict(tuned);
  const held = rows.parts.flatMap((part, row) => (part === 'validation' ? [row] : []));
  const losses = held.map((row) => -Math.log(probabilities[2 * row + (rows.classIndices[row] ?? 0)] ?? 0));
  const wanted = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const { output, epochs } = await train(still({}), { tuned, isHeadFirst: false });
  expect(epochs.map(({ phase }) => phase)).toEqual(['fine-tune']);
  expect(epochs[0]?.validationLoss).toBeCloseTo(wanted, 4);
  expect(output).toMatchObject({ guard: { start: 'run', kept: false, imageCount: 4 } });
  expect([output.head, output.tuned]).toEqual([HEAD, tuned]);
  const { tensorCount } = await client.call('memory', null);
  await train(still({}), { tuned, isHeadFirst: false });
  await train(still({}), { tuned, isHeadFirst: true });
  expect((await client.call('memory', null)).tensorCount).toBe(tensorCount);
});

it('with more stages than were tuned it needs the values below them, and a run that went back predicts from those', async () => {
  const tuned = await stagesTimes(1.5);
  await client.call('embed', { images, resizeMode: 'crop', stageCount: 1 });
  const before = await predict(tuned);
  const start = { tuned, isHeadFirst: false };
  await expect(train(still({ fineTuneStages: 2 }), start)).rejects.toMatchObject({ code: 'features-missing' });
  await client.call('embed', { images, resizeMode: 'crop', stageCount: 2 });
  const { output } = await train(still({ fineTuneStages: 2 }), start);
  expect(output.tuned).toEqual(tuned);
  const after = await predict(tuned);
  for (const [index, value] of after.entries()) expect(value).toBeCloseTo(before[index] ?? Number.NaN, 2);
});

it('a head that is trained first learns what the tuned stages make of images and views', async () => {
  const plan: ViewPlan = { strengths: strengthsOf('photos'), seed: 5, viewCount: 2 };
  const ofTrain = images.filter((_, row) => rows.parts[row] === 'train');
  await client.call('embed', { images, resizeMode: 'crop', stageCount: 1 });
  await client.call('embed', { images: ofTrain, resizeMode: 'crop', stageCount: 1, views: plan });
  const settings = still({ augment: 'photos', augmentViews: 2, seed: 5 });
  const frozen = await train(settings, null);
  // Stages that are as they were, called tuned: the same features, but for the rounding of what is kept at the cut.
  const same = await train(settings, { tuned: await stagesTimes(1), isHeadFirst: true });
  const other = await train(settings, { tuned: await stagesTimes(1.5), isHeadFirst: true });
  expect(same.epochs.map(({ phase }) => phase)).toEqual(['head', 'head', 'fine-tune']);
  expect(same.output.guard?.start).toBe('stages-of-run');
  for (const [index, { trainLoss, validationLoss }] of frozen.epochs.entries()) {
    expect(same.epochs[index]?.trainLoss).toBeCloseTo(trainLoss, 2);
    expect(same.epochs[index]?.validationLoss).toBeCloseTo(validationLoss ?? Number.NaN, 2);
    expect(Math.abs((other.epochs[index]?.trainLoss ?? 0) - trainLoss)).toBeGreaterThan(0.05);
  }
});
