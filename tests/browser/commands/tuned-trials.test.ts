import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { crossValidate } from '../../../src/commands/cross-validate.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { searchSettings } from '../../../src/commands/search-settings.ts';
import type { SearchPlan } from '../../../src/domain/search.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import {
  clearEngineStorage,
  endEngine,
  noiseImage,
  startTestEngine,
  type TestEngine,
  tinyEntry,
} from '../../helpers/browser/engine.ts';
import { commandContext, done } from './command-fixture.ts';

let client: TestEngine;

const SETTINGS = {
  ...DEFAULT_SETTINGS,
  epochs: 2,
  fineTuneEpochs: 2,
  fineTuneRate: 1,
  hiddenUnits: 0,
  folds: 3,
} as const;

beforeAll(async () => {
  await clearEngineStorage();
  client = await startTestEngine('wasm');
});

afterAll(() => endEngine(client));

/** The commands on the engine itself, with a small network and 30 pictures in two classes. */
async function context(): Promise<CommandContext> {
  const current = await client.load(tinyEntry('bundled'));
  const ctx = { ...(await commandContext()), engine: client.client };
  ctx.store.setState(({ backbones }) => ({ backbones: { ...backbones, current } }));
  await importFiles(ctx, pictures(), { classId: null });
  changeProject(ctx, { settings: SETTINGS });
  return ctx;
}

async function* pictures() {
  for (let index = 0; index < 30; index++) yield { path: `${index % 2}/${index}.png`, blob: await noiseImage(index) };
}

test('a search over the number of stages ends with a run of the best, the same twice over', async () => {
  const ctx = await context();
  const plan: SearchPlan = { method: 'grid', over: { fineTuneStages: [0, 1] }, runs: null, minutes: null, seed: 1 };
  const { record, run } = await done(searchSettings(ctx, plan));
  expect(record.results.map(({ failure }) => failure)).toEqual([null, null]);
  expect(record.results.map(({ stagesKept }) => typeof stagesKept)).toEqual(['object', 'boolean']);
  expect(record.results.map(({ epochCount }) => epochCount)).toEqual([2, 4]);
  expect(run?.id).toBe(record.runId);
  expect(run?.scores.testAccuracyRatio).not.toBeNull();
  const again = await done(searchSettings(ctx, plan));
  const scores = ({ results }: typeof record) => results.map(({ validationLoss }) => validationLoss);
  expect(scores(again.record)).toEqual(scores(record));
});

test('a cross-validation with stages ends with a run that tells what became of them', async () => {
  const ctx = await context();
  const run = await done(crossValidate(ctx, { fineTuneStages: 1 }));
  expect(run).toMatchObject({ kind: 'cross-validation', scores: { testCount: 30 }, crossValidation: { foldCount: 3 } });
  for (const { stagesKept } of run.crossValidation?.folds ?? []) expect(stagesKept).not.toBeNull();
  expect(ctx.store.getState().jobs).toEqual([]);
});
