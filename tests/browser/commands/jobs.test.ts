import { expect, test, vi } from 'vitest';
import { loadNetwork } from '../../../src/commands/backbones.ts';
import type { CommandContext } from '../../../src/commands/context.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { cancelFirst } from '../../../src/commands/job.ts';
import { measureCompression } from '../../../src/commands/measure-compression.ts';
import { deleteProject, newProject, openProject } from '../../../src/commands/projects.ts';
import { deleteRun, openRun } from '../../../src/commands/runs.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import type { BackboneEntry } from '../../../src/domain/backbone.ts';
import { loadingOf } from '../../../src/state/job-selectors.ts';
import { commandContext, done, dropped, storedImages, TINY_OUTPUT } from './command-fixture.ts';

const FOLDERS = { classId: null };

/** Something to wait for, and its end. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const photos = (from: number) =>
  dropped(
    Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`${index % 2}/${from + index}.png`, `${from + index}`]),
    ),
  );

/** A project of 12 images; `before` is waited for before each answer of the engine's training. */
async function page(before: () => Promise<void> = async () => undefined): Promise<CommandContext> {
  const ctx = await commandContext({
    missingFeatures: async () => [],
    predictFromAverages: async ({ rows }) => new Int32Array(rows.parts.length),
    train: async () => {
      await before();
      return TINY_OUTPUT;
    },
    predict: async ({ hashes }) => new Float32Array(hashes.length * 2).fill(0.5),
    layerInputs: async () => null,
    measureCompressed: () => new Promise(() => undefined),
    cachedBackbones: async () => [],
    // It is never ready.
    prepareBackbone: (_, { signal }) =>
      new Promise((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  });
  await importFiles(ctx, photos(0), FOLDERS);
  return ctx;
}

/** The same page whose storage hands out the heavy half of a run only once `opened`. */
function slowRuns(ctx: CommandContext, runId: string, opened: Promise<void>): CommandContext {
  const artifacts: typeof ctx.storage.runs.artifacts = async (projectId, id) => {
    if (id === runId) await opened;
    return await ctx.storage.runs.artifacts(projectId, id);
  };
  return { ...ctx, storage: { ...ctx.storage, runs: { ...ctx.storage.runs, artifacts } } };
}

/** Another project beside the open one. @returns its id. */
async function otherProject(ctx: CommandContext): Promise<string> {
  const { id } = ctx.store.getState().project ?? { id: '' };
  await newProject(ctx, 'Other');
  const { id: otherId } = ctx.store.getState().project ?? { id: '' };
  await done(openProject(ctx, id));
  return otherId;
}

const currentRunId = (ctx: CommandContext) => ctx.store.getState().project?.currentRunId;

test('two imports at once are both taken in, each with counts of its own', async () => {
  const ctx = await page();
  const [first, second] = await Promise.all([
    done(importFiles(ctx, photos(100), FOLDERS)),
    done(importFiles(ctx, dropped({ '0/one.png': 'one more', 'note.txt': 'bad' }), FOLDERS)),
  ]);
  expect(first).toMatchObject({ addedCount: 12, rejected: [] });
  expect(second).toMatchObject({ addedCount: 1, rejected: [{ path: 'note.txt' }] });
  expect(await storedImages(ctx)).toHaveLength(25);
  expect(ctx.store.getState()).toMatchObject({ import: { addedCount: 1 }, earlierImports: [{ addedCount: 12 }] });
});

test('cancelling an import lets the one that waits begin', async () => {
  const ctx = await page();
  const { opened } = gate();
  async function* stuck() {
    yield { path: 'a/first.png', blob: new Blob(['first of stuck']) };
    await opened;
  }
  const first = importFiles(ctx, stuck(), FOLDERS);
  const second = importFiles(ctx, dropped({ '0/one.png': 'one more' }), FOLDERS);
  await vi.waitFor(() => expect(ctx.store.getState().jobs[0]?.phase).toBe('running'));
  cancelFirst(ctx, 'import');
  expect((await first).kind).toBe('cancelled');
  expect(await done(second)).toMatchObject({ addedCount: 1 });
});

test('the run chosen last is the current one, however slow the first is', async () => {
  const ctx = await page();
  const [slow, quick] = [await done(startTraining(ctx)), await done(startTraining(ctx))];
  await done(startTraining(ctx));
  const { opened, open } = gate();
  const first = openRun(slowRuns(ctx, slow.id, opened), slow.id);
  const second = openRun(ctx, quick.id);
  open();
  expect((await first).kind).toBe('cancelled');
  expect((await second).kind).toBe('done');
  expect(currentRunId(ctx)).toBe(quick.id);
  expect(ctx.store.getState().artifacts?.runId).toBe(quick.id);
});

test('a run that is still being opened does not follow into another project', async () => {
  const ctx = await page();
  const otherId = await otherProject(ctx);
  const run = await done(startTraining(ctx));
  await done(startTraining(ctx));
  const { opened, open } = gate();
  const opening = openRun(slowRuns(ctx, run.id, opened), run.id);
  const switching = openProject(ctx, otherId);
  open();
  expect((await opening).kind).toBe('cancelled');
  await done(switching);
  expect(ctx.store.getState().project).toMatchObject({ name: 'Other', currentRunId: null });
  expect(ctx.store.getState().artifacts).toBeNull();
});

test('a run that ends while another is deleted stays', async () => {
  const ctx = await page();
  const first = await done(startTraining(ctx));
  const { opened, open } = gate();
  const remove: typeof ctx.storage.runs.delete = async (projectId, id) => {
    await opened;
    await ctx.storage.runs.delete(projectId, id);
  };
  const slow = { ...ctx, storage: { ...ctx.storage, runs: { ...ctx.storage.runs, delete: remove } } };
  const deleting = deleteRun(slow, first.id);
  const training = done(startTraining(ctx));
  await vi.waitFor(() =>
    expect(ctx.store.getState().jobs[0]?.progress).toMatchObject({ training: { kind: 'evaluating' } }),
  );
  open();
  await deleting;
  const second = await training;
  expect(ctx.store.getState().runs.map(({ id }) => id)).toEqual([second.id]);
  expect(currentRunId(ctx)).toBe(second.id);
});

test('a training that is cancelled by another project keeps nothing in it', async () => {
  const { opened, open } = gate();
  const ctx = await page(() => opened);
  const { id } = ctx.store.getState().project ?? { id: '' };
  const otherId = await otherProject(ctx);
  const training = startTraining(ctx);
  await vi.waitFor(() => expect(ctx.store.getState().live).not.toBeNull());
  const switching = openProject(ctx, otherId);
  open();
  expect(await training).toMatchObject({ kind: 'cancelled', reason: expect.stringContaining('another project') });
  await done(switching);
  expect(ctx.store.getState()).toMatchObject({ runs: [], jobs: [], project: { name: 'Other' } });
  expect(await ctx.storage.runs.list(id)).toEqual([]);
});

test('an edit made while its project is deleted does not bring it back', async () => {
  const ctx = await page();
  const { id } = ctx.store.getState().project ?? { id: '' };
  const deleting = deleteProject(ctx, id);
  await importFiles(ctx, photos(200), FOLDERS);
  await deleting;
  await ctx.session.writes;
  expect((await ctx.storage.projects.list()).map(({ id: other }) => other)).not.toContain(id);
  expect(ctx.store.getState().project?.id).not.toBe(id);
});

test('of two projects asked for in turn the last one is shown', async () => {
  const ctx = await page();
  const { id } = ctx.store.getState().project ?? { id: '' };
  await newProject(ctx, 'Second');
  const { id: secondId } = ctx.store.getState().project ?? { id: '' };
  await newProject(ctx, 'Third');
  const outcomes = await Promise.all([openProject(ctx, id), openProject(ctx, secondId)]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['cancelled', 'done']);
  expect(ctx.store.getState().project?.id).toBe(secondId);
});

test('a backbone on its way is given up for training, and says so', async () => {
  const ctx = await page();
  const manifest = {
    id: 'slow',
    name: 'Slow',
    family: 'test',
    inputSide: 16,
    pixels: '[-1,1]',
    featureLayer: null,
    licence: 'MIT',
    source: 'made for tests',
    sizeBytes: 1,
  } as const;
  const entry: BackboneEntry = { manifest, origin: 'self-hosted', urls: [] };
  const before = ctx.store.getState().backbones.current;
  const load = loadNetwork(ctx, { entry, reason: 'chosen' });
  await vi.waitFor(() => expect(loadingOf(ctx.store.getState())?.id).toBe('slow'));
  const run = await done(startTraining(ctx));
  expect(await load).toMatchObject({ kind: 'cancelled', reason: expect.stringContaining('training') });
  expect(run.backbone.id).toBe(before?.id);
  expect(ctx.store.getState().backbones).toMatchObject({ current: before, lastError: null });
});

test('measuring is shown at once, and one that is being stopped is waited for instead of refusing', async () => {
  const ctx = await page();
  await done(startTraining(ctx));
  const first = measureCompression(ctx, 0);
  expect(ctx.store.getState().jobs).toMatchObject([{ kind: 'measuring' }]);
  expect(await measureCompression(ctx, 0)).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/stop it\.$/),
  });
  cancelFirst(ctx, 'measuring');
  const second = measureCompression(ctx, 0);
  expect((await first).kind).toBe('cancelled');
  await vi.waitFor(() => expect(ctx.store.getState().jobs).toMatchObject([{ kind: 'measuring', phase: 'running' }]));
  cancelFirst(ctx, 'measuring');
  expect((await second).kind).toBe('cancelled');
});
