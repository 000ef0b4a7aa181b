import { afterAll, beforeAll, expect, test } from 'vitest';
import { switchBackbone } from '../../../src/commands/backbones.ts';
import type { CommandContext } from '../../../src/commands/context.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { cancelJobs, unwrap } from '../../../src/commands/job.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import { type BackboneEntry, type BackboneReport, backboneRef } from '../../../src/domain/backbone.ts';
import { holdsModel, type Run } from '../../../src/domain/run.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import type { EngineClient } from '../../../src/engine-client/engine-client.ts';
import {
  clearEngineStorage,
  createTestEngine,
  endEngine,
  loadBackbone,
  noiseImage,
  tinyEntry,
} from '../../helpers/browser/engine.ts';
import { commandContext } from './command-fixture.ts';

/** As many features of a photo, but others: what one computed is wrong for the other without any error. */
const SAME_LENGTH = [tinyEntry('bundled', { id: 'a' }), tinyEntry('bundled', { id: 'b', pixels: '0-255' })] as const;
const GRAPH_URL = `${location.origin}/tests/fixtures/engine/tiny-graph-model/model.json`;
const OTHER_LENGTH = tinyEntry('bundled', { id: 'c', pixels: '[0,1]', featureLayer: null }, [GRAPH_URL]);

let engine: EngineClient;
/** Another one, which loads what it is told alone: it says what a backbone computes, whatever the first one holds. */
let witness: EngineClient;
beforeAll(async () => {
  await clearEngineStorage();
  [engine, witness] = [createTestEngine().client, createTestEngine().client];
  for (const client of [engine, witness]) await client.call('start', { wanted: 'wasm' });
});
afterAll(() => [engine, witness].forEach(endEngine));

/** A page on the real engine with the first of the backbones in use and eight photos of two classes. */
async function page(entries: readonly BackboneEntry[]): Promise<CommandContext> {
  const ctx = { ...(await commandContext()), engine };
  ctx.store.setState(({ backbones }) => ({ backbones: { ...backbones, entries: [...entries] } }));
  await switchBackbone(ctx, entries[0]?.manifest.id ?? '');
  await importFiles(ctx, photos(), { classId: null });
  changeProject(ctx, { settings: { ...DEFAULT_SETTINGS, head: 'prototypes', augment: 'off' } });
  return ctx;
}

async function* photos() {
  for (let index = 0; index < 12; index++) yield { path: `${index % 2}/${index}.png`, blob: await noiseImage(index) };
}

/** The page's thread does nothing else meanwhile; answers of the engine wait. */
function block(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function current(ctx: CommandContext): BackboneReport {
  const report = ctx.store.getState().backbones.current;
  if (report === null) throw new Error('No backbone is in use');
  return report;
}

/** Has the witness load a backbone by its id. */
async function loadByWitness(ctx: CommandContext, id: string): Promise<BackboneReport> {
  const entry = ctx.store.getState().backbones.entries.find(({ manifest }) => manifest.id === id);
  if (entry === undefined) throw new Error(`There is no ${id}`);
  return loadBackbone(witness, entry);
}

/** The engine holds what the page shows. */
async function expectTrueState(ctx: CommandContext): Promise<void> {
  const backbone = backboneRef(await loadByWitness(ctx, current(ctx).id));
  const wanted = await witness.call('exportBackbone', { backbone, tuned: null });
  expect(await engine.call('exportBackbone', { backbone, tuned: null })).toEqual(wanted);
}

/** The backbone a run is stored under gives, with the run's head, what is stored of its photos. */
async function expectComputedByItsBackbone(ctx: CommandContext, run: Run): Promise<void> {
  const artifacts = await ctx.storage.runs.artifacts(run.projectId, run.id);
  if (artifacts === null || !holdsModel(artifacts)) throw new Error('The run is not stored');
  const { head, predictions } = artifacts;
  const [stored] = await ctx.storage.runs.list(run.projectId);
  expect(stored?.backbone).toEqual(run.backbone);
  const report = await loadByWitness(ctx, run.backbone.id);
  const backbone = backboneRef(report);
  expect(run.backbone).toMatchObject(backbone);
  expect(head.layers[0]?.inputLength).toBe(report.featureLength);
  const { images } = ctx.store.getState().project?.dataset ?? { images: new Map() };
  const hashes = predictions.imageIds.map((id): string => images.get(id)?.hash ?? '');
  const blobs = await ctx.storage.originals.getMany(hashes);
  const files = hashes.map((hash) => ({ hash, blob: blobs.get(hash) ?? new Blob() }));
  await witness.call('embed', { backbone, images: files, resizeMode: 'crop' });
  const again = await witness.call('predict', { backbone, hashes, head, resizeMode: 'crop' });
  for (const [at, value] of predictions.probabilities.entries()) expect(again[at]).toBeCloseTo(value, 3);
}

const moments = [0, 5, 20, 60, 150].map((offsetMs, index) => ({ offsetMs, blockedMs: 120 + 95 * index }));

test.each([
  ['as many features', SAME_LENGTH],
  ['another number of features', [SAME_LENGTH[0], OTHER_LENGTH]],
] as const)(
  'a run pressed while a backbone of %s loads is stored under its own',
  async (_, entries) => {
    for (const { offsetMs, blockedMs } of moments) {
      const ctx = await page(entries);
      const loading = switchBackbone(ctx, entries[1].manifest.id);
      await pause(offsetMs);
      block(blockedMs);
      const run = unwrap(await startTraining(ctx));
      await loading;
      await expectTrueState(ctx);
      await expectComputedByItsBackbone(ctx, run);
    }
  },
  120_000,
);

test('a load cancelled on a blocked page changes neither page nor engine', async () => {
  for (const { offsetMs, blockedMs } of moments) {
    const ctx = await page(SAME_LENGTH);
    const before = current(ctx);
    const loading = switchBackbone(ctx, 'b');
    await pause(offsetMs);
    block(blockedMs);
    void cancelJobs(ctx, ['backbone']);
    const outcome = await loading;
    expect(current(ctx)).toBe(outcome.kind === 'done' ? outcome.value : before);
    expect(ctx.store.getState().jobs).toEqual([]);
    await expectTrueState(ctx);
  }
}, 120_000);

test('the last of three backbones chosen in a row is in use, on the page and in the engine', async () => {
  const ctx = await page([...SAME_LENGTH, OTHER_LENGTH]);
  const first = switchBackbone(ctx, 'b');
  const second = switchBackbone(ctx, 'c');
  block(200);
  const third = switchBackbone(ctx, 'b');
  expect(await first).toMatchObject({ kind: 'cancelled' });
  expect(await second).toMatchObject({ kind: 'cancelled' });
  expect(unwrap(await third)).toBe(current(ctx));
  expect(current(ctx).id).toBe('b');
  await expectTrueState(ctx);
  expect(ctx.store.getState().backbones.lastError).toBeNull();
});
