import { afterAll, beforeAll, expect, test } from 'vitest';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import { viewPlanOf } from '../../../src/domain/augmented-view.ts';
import type { Part } from '../../../src/domain/dataset.ts';
import { DEFAULT_SETTINGS, type ResolvedSettings, resolveSettings } from '../../../src/domain/settings.ts';
import type { TrainingRows } from '../../../src/engine/contract.ts';
import {
  clearEngineStorage,
  endEngine,
  noiseImages,
  startTestEngine,
  type TestEngine,
  withoutLeak,
} from '../../helpers/browser/engine.ts';

let client: TestEngine;
let hashes: readonly string[];

const IMAGES = 24;
const FOLDS = 3;
const classIndices = Array.from({ length: IMAGES }, (_, index) => index % 2);
const common = { classCount: 2, resizeMode: 'crop' } as const;
const plain: ResolvedSettings = {
  ...resolveSettings(
    { ...DEFAULT_SETTINGS, head: 'network', epochs: 3, batchSize: 8, patience: 0 },
    { classCounts: [8, 8] },
  ),
  hiddenUnits: 0,
};
const changed: ResolvedSettings = {
  ...plain,
  augment: { ...strengthsOf('off'), flipHorizontalRatio: 0.5, rotateDegrees: 40, brightnessRatio: 0.5 },
  augmentViews: 2,
};
const viewsOf = (settings: ResolvedSettings) => viewPlanOf(settings, settings.augmentViews);
const rows = () => ({
  hashes,
  classIndices,
  parts: classIndices.map((_, index) => (index % 4 === 3 ? ('validation' as const) : ('train' as const))),
});

beforeAll(async () => {
  await clearEngineStorage();
  client = await startTestEngine('wasm');
  const images = await noiseImages(700_000, IMAGES);
  hashes = images.map(({ hash }) => hash);
  await client.call('embed', { images, resizeMode: 'crop' });
  const views = viewsOf(changed);
  if (views !== null) await client.call('embed', { images, resizeMode: 'crop', views });
});

afterAll(() => endEngine(client));

const ways = [
  ['unchanged images', plain],
  ['changed views beside them', changed],
  ['neighbours among both', { ...changed, head: 'neighbours' }],
] as const;

test.each(ways)(
  'every fold is predicted by a head of its own, and the same twice over, with %s',
  async (_, settings) => {
    const partsByFold = Array.from({ length: FOLDS }, (_, fold) =>
      classIndices.map((_, index) => (Math.floor(index / 2) % FOLDS === fold ? ('test' as const) : ('train' as const))),
    );
    const input = { ...common, hashes, classIndices, partsByFold, settings };
    const folds: number[] = [];
    const onEvent = (event: object) => 'foldIndex' in event && folds.push(Number(event.foldIndex));
    const first = await withoutLeak(client, () => client.call('crossValidate', input, { onEvent }));
    expect(folds).toEqual([0, 1, 2]);
    expect(first.doneCount).toBe(FOLDS);
    for (let row = 0; row < IMAGES; row++) {
      expect((first.probabilities[2 * row] ?? 0) + (first.probabilities[2 * row + 1] ?? 0)).toBeCloseTo(1, 5);
    }
    expect(await client.call('crossValidate', input)).toEqual(first);

    // One fold by itself, with the calls that a run is made of.
    const parts = partsByFold[1] ?? [];
    const { head } = await client.call('train', { ...common, rows: { hashes, classIndices, parts }, settings });
    const alone = await client.call('predict', { hashes, head, resizeMode: 'crop' });
    for (const [row, part] of parts.entries()) {
      if (part === 'test') expect(first.probabilities[2 * row]).toBeCloseTo(alone[2 * row] ?? Number.NaN, 5);
    }
  },
);

/** The loss of the model, which is that of the best epoch unless a baseline took its place, when the rows are those of a run. */
async function validationLossOf(ofRun: TrainingRows, settings: ResolvedSettings): Promise<number> {
  const losses: (number | null)[] = [];
  const { bestEpochIndex, keptScores } = await client.call(
    'train',
    { ...common, rows: ofRun, settings },
    { onEvent: (event) => 'epoch' in event && losses.push(event.epoch.validationLoss) },
  );
  return keptScores?.loss ?? losses[bestEpochIndex] ?? Number.NaN;
}

test('views of training images change what candidates come to', async () => {
  expect(await validationLossOf(rows(), changed)).not.toBeCloseTo(await validationLossOf(rows(), plain), 4);
});

test.each(ways)('candidates are told one by one as a run of each would go, with %s', async (_, settings) => {
  const few = [0, 1, 5, 10];
  const candidates = [
    { settings, trainRows: null },
    { settings: { ...settings, epochs: 1 }, trainRows: few },
  ];
  const told: { readonly index: number; readonly validationLoss: number | null; readonly epochCount: number }[] = [];
  const { doneCount } = await withoutLeak(client, () =>
    client.call(
      'trainMany',
      { ...common, rows: rows(), views: viewsOf(settings), testViews: null, candidates },
      { onEvent: (event) => 'index' in event && told.push(event) },
    ),
  );
  expect(doneCount).toBe(2);
  expect(told.map(({ index, epochCount }) => [index, epochCount])).toEqual([
    [0, settings.head === 'neighbours' ? 1 : 3],
    [1, 1],
  ]);
  expect(told[0]?.validationLoss).toBeCloseTo(await validationLossOf(rows(), settings), 5);
  const parts = rows().parts.map((part, row): Part => (part === 'train' && !few.includes(row) ? 'test' : part));
  expect(told[1]?.validationLoss).toBeCloseTo(
    await validationLossOf({ ...rows(), parts }, { ...settings, epochs: 1 }),
    5,
  );
});

test('a test of learning rates tells a loss for every rate, or for those before it exploded', async () => {
  const rates = [1e-6, 1e-4, 1e-2, 1];
  const input = { ...common, rows: rows(), settings: plain, rates };
  const { losses } = await withoutLeak(client, () => client.call('testLearningRates', input));
  expect(losses.length).toBeGreaterThan(1);
  expect(losses.length).toBeLessThanOrEqual(rates.length);
  expect(losses.every((loss) => loss > 0)).toBe(true);
});

test('class averages judge each image without itself, and come as a head', async () => {
  const judged = await withoutLeak(client, () =>
    client.call('instantBaseline', { ...common, hashes, classIndices, withNeighbours: true }),
  );
  expect(judged).toMatchObject({ imageCount: IMAGES, judgedCount: IMAGES });
  expect(judged.neighboursRatio).not.toBeNull();
  expect(judged.head?.layers.at(-1)).toMatchObject({ inputLength: 8, outputLength: 2 });
  const one = await client.call('instantBaseline', {
    ...common,
    hashes: hashes.slice(0, 1),
    classIndices: [0],
    withNeighbours: false,
  });
  expect(one).toMatchObject({ judgedCount: 0, prototypesRatio: null, neighboursRatio: null, head: null });
});

test('what class averages say before training is what a run of them says, of held-out images only', async () => {
  const parts = rows().parts;
  const averages = { ...plain, head: 'prototypes' } as const;
  const { head } = await client.call('train', { ...common, rows: rows(), settings: averages });
  const probabilities = await client.call('predict', { hashes, head, resizeMode: 'crop' });
  const predicted = await withoutLeak(client, () => client.call('predictFromAverages', { ...common, rows: rows() }));
  const expected = parts.map((part, row) => {
    if (part === 'train') return -1;
    return (probabilities[2 * row] ?? 0) >= (probabilities[2 * row + 1] ?? 0) ? 0 : 1;
  });
  expect([...predicted]).toEqual(expected);
  const onlyHeldOut = { ...rows(), parts: parts.map(() => 'test' as const) };
  await expect(client.call('predictFromAverages', { ...common, rows: onlyHeldOut })).rejects.toMatchObject({
    code: 'too-few-images',
  });
});
