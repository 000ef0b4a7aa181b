import { afterAll, beforeAll, expect, test } from 'vitest';
import { testPlanOf } from '../../../src/domain/augmented-view.ts';
import { DEFAULT_SETTINGS, type ResolvedSettings, resolveSettings } from '../../../src/domain/settings.ts';
import type { EngineCalls, TrainingRows } from '../../../src/engine/contract.ts';
import type { JudgedFold, TrainedCandidate, TrialEpoch } from '../../../src/engine/contract-measuring.ts';
import {
  clearEngineStorage,
  endEngine,
  hashOf,
  startTestEngine,
  type TestEngine,
  withoutLeak,
} from '../../helpers/browser/engine.ts';

let client: TestEngine;
let images: { readonly hash: string; readonly blob: Blob }[];
let hashes: readonly string[];

const IMAGES = 24;
const FOLDS = 3;
const EPOCHS = 20;
const classIndices = Array.from({ length: IMAGES }, (_, index) => index % 2);
const common = { classCount: 2, resizeMode: 'crop' } as const;

/** The head ends before it has learnt, so that what comes after it helps for certain. */
const tuned: ResolvedSettings = {
  ...resolveSettings(
    { ...DEFAULT_SETTINGS, epochs: 1, learningRate: 0.03, batchSize: 8, fineTuneStages: 1, fineTuneRate: 1 },
    { classCounts: [8, 8] },
  ),
  hiddenUnits: 0,
  fineTuneEpochs: EPOCHS,
  dropout: 0,
  patience: 0,
};
const frozen: ResolvedSettings = { ...tuned, fineTuneStages: 0 };
const deeper: ResolvedSettings = { ...tuned, fineTuneStages: 2, fineTuneEpochs: 2 };

/**
 * Of dark pictures one hue is the first class, of bright ones the other: class means cannot tell them apart. A bright stripe at one side
 * makes the mirrored picture another one.
 */
async function picture(index: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(24, 24);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas');
  const isBright = Math.floor(index / 2) % 2;
  const hue = ((index % 2) ^ isBright) * 180 + (index % 7) * 5;
  context.fillStyle = `hsl(${hue} 60% ${25 + isBright * 40 + (index % 5) * 2}%)`;
  context.fillRect(0, 0, 24, 24);
  context.fillStyle = `hsl(${index * 29} 40% 85%)`;
  context.fillRect(0, index % 12, 5, 12);
  return canvas.convertToBlob({ type: 'image/png' });
}

const rows = (): TrainingRows => ({
  hashes,
  classIndices,
  parts: classIndices.map((_, index) => (index % 6 > 3 ? 'validation' : 'train')),
});

beforeAll(async () => {
  await clearEngineStorage();
  client = await startTestEngine('wasm');
  images = await Promise.all(
    classIndices.map(async (_, index) => {
      const blob = await picture(index);
      return { hash: await hashOf(blob), blob };
    }),
  );
  hashes = images.map(({ hash }) => hash);
});

afterAll(() => endEngine(client));

/** What is told; times, which no two runs share, are made equal. */
function toldBy<E extends TrainedCandidate | JudgedFold>() {
  const ends: E[] = [];
  const epochs: TrialEpoch[] = [];
  const onEvent = (event: E | TrialEpoch) => {
    if ('trialIndex' in event) epochs.push(event);
    else ends.push({ ...event, elapsedMs: 0 });
  };
  return { ends, epochs, onEvent };
}

async function many(
  candidates: readonly ResolvedSettings[],
  testViews: EngineCalls['trainMany']['input']['testViews'],
) {
  const told = toldBy<TrainedCandidate>();
  const input = {
    ...common,
    rows: rows(),
    views: null,
    testViews,
    candidates: candidates.map((settings) => ({ settings, trainRows: null })),
  };
  const { doneCount } = await client.call('trainMany', input, { onEvent: told.onEvent });
  expect(doneCount).toBe(candidates.length);
  return told;
}

/** What a run by itself comes to. */
async function alone(settings: ResolvedSettings, ofRun = rows()) {
  const losses: (number | null)[] = [];
  const onEvent = (event: EngineCalls['train']['event']) => 'epoch' in event && losses.push(event.epoch.validationLoss);
  const output = await client.call('train', { ...common, rows: ofRun, settings }, { onEvent });
  const { keptScores, bestEpochIndex } = output;
  return { output, loss: keptScores?.loss ?? losses[bestEpochIndex] ?? Number.NaN, epochCount: losses.length };
}

test('candidates with stages need their values at the cut', async () => {
  await client.call('embed', { images, resizeMode: 'crop' });
  await expect(many([frozen, tuned], null)).rejects.toMatchObject({ code: 'features-missing' });
});

test('candidates of different stages, and of none, come to what a run of each does, and the same twice over', async () => {
  for (const stageCount of [1, 2]) await client.call('embed', { images, resizeMode: 'crop', stageCount });
  const candidates = [deeper, frozen, tuned];
  const { ends, epochs } = await withoutLeak(client, () => many(candidates, null));
  for (const [index, settings] of candidates.entries()) {
    const { output, loss, epochCount } = await alone(settings);
    expect(ends[index]).toMatchObject({ index, epochCount, stagesKept: output.guard?.kept ?? null, failure: null });
    expect(ends[index]?.validationLoss).toBe(loss);
  }
  expect(ends.map(({ stagesKept }) => stagesKept)).toContain(true);
  expect(epochs.filter(({ trialIndex }) => trialIndex === 1)).toEqual([]);
  expect(epochs.filter(({ trialIndex }) => trialIndex === 2).map(({ stagesDoneRatio }) => stagesDoneRatio)).toEqual([
    0,
    0,
    ...Array.from({ length: EPOCHS }, (_, epoch) => (epoch + 1) / EPOCHS),
  ]);
  expect((await many(candidates, null)).ends).toEqual(ends);
});

test('every fold trains stages of its own and is predicted by what its guard kept, the same twice over', async () => {
  const partsByFold = Array.from({ length: FOLDS }, (_, fold) =>
    classIndices.map((_, index) => {
      const own = Math.floor(index / 2) % FOLDS;
      if (own === fold) return 'test' as const;
      return own === (fold + 1) % FOLDS ? ('validation' as const) : ('train' as const);
    }),
  );
  const input = { ...common, hashes, classIndices, partsByFold, settings: tuned };
  const told = toldBy<JudgedFold>();
  const first = await withoutLeak(client, () => client.call('crossValidate', input, { onEvent: told.onEvent }));
  expect(first.doneCount).toBe(FOLDS);
  expect(told.ends.some(({ stagesKept }) => stagesKept)).toBe(true);
  expect(new Set(told.epochs.map(({ phase }) => phase))).toEqual(new Set(['head', 'fine-tune']));
  for (const [fold, parts] of partsByFold.entries()) {
    const { output } = await alone(tuned, { hashes, classIndices, parts });
    expect(told.ends[fold]?.stagesKept).toBe(output.guard?.kept);
    const { head, tuned: stages } = output;
    const predicted = await client.call('predict', { hashes, head, tuned: stages, resizeMode: 'crop' });
    for (const [row, part] of parts.entries()) {
      if (part === 'test') expect(first.probabilities[2 * row]).toBeCloseTo(predicted[2 * row] ?? Number.NaN, 6);
    }
  }
  expect(await client.call('crossValidate', input)).toEqual(first);
});

test('a stop while stages are trained throws that fold and that candidate away', async () => {
  const parts = rows().parts.map((part, index) => (index < 2 ? 'test' : part));
  const stopped = async (call: (stop: AbortController) => Promise<{ readonly doneCount: number }>) =>
    (await call(new AbortController())).doneCount;
  const settings = { ...tuned, fineTuneEpochs: 1000, patience: 0 };
  const onStages = (stop: AbortController) => (event: object) => {
    if ('phase' in event && event.phase === 'fine-tune') stop.abort();
  };
  const folds = { ...common, hashes, classIndices, partsByFold: [parts, parts], settings };
  expect(
    await stopped((stop) => client.call('crossValidate', folds, { stopSignal: stop.signal, onEvent: onStages(stop) })),
  ).toBe(0);
  const candidates = [{ settings, trainRows: null }];
  const search = { ...common, rows: rows(), views: null, testViews: null, candidates };
  expect(
    await stopped((stop) => client.call('trainMany', search, { stopSignal: stop.signal, onEvent: onStages(stop) })),
  ).toBe(0);
});

test('with views when scoring, candidates are judged by the mean over each validation image and its views', async () => {
  const views = testPlanOf({ ...tuned, testTimeViews: 1 });
  if (views === null) throw new Error('no views');
  await client.call('embed', { images, resizeMode: 'crop', views, stageCount: 1 });
  const candidates = [frozen, tuned];
  const { ends } = await withoutLeak(client, () => many(candidates, views));
  const held = rows().parts.flatMap((part, row) => (part === 'validation' ? [row] : []));
  for (const [index, settings] of candidates.entries()) {
    const { output, loss: plainLoss } = await alone(settings);
    const { head, tuned: stages } = output;
    const ofHeld = { hashes: held.map((row) => hashes[row] ?? ''), head, tuned: stages, views };
    const probabilities = await client.call('predict', { ...ofHeld, resizeMode: 'crop' });
    const losses = held.map((row, position) => -Math.log(probabilities[2 * position + (classIndices[row] ?? 0)] ?? 0));
    const loss = losses.reduce((sum, one) => sum + one, 0) / held.length;
    expect(ends[index]?.validationLoss).toBeCloseTo(loss, 5);
    expect(ends[index]?.validationLoss).not.toBeCloseTo(plainLoss, 5);
  }
});
