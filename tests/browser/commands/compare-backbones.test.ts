import { expect, test, vi } from 'vitest';
import { loadNetwork, switchBackbone } from '../../../src/commands/backbones.ts';
import { compareBackbones } from '../../../src/commands/compare-backbones.ts';
import type { CommandContext } from '../../../src/commands/context.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { stopJobs } from '../../../src/commands/job.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import type { BackboneEntry } from '../../../src/domain/backbone.ts';
import type { CandidateFigures, CandidateInput } from '../../../src/engine/contract-measuring.ts';
import { RemoteError } from '../../../src/rpc/remote-error.ts';
import { loadingOf } from '../../../src/state/job-selectors.ts';
import { backboneReport } from '../../helpers/browser/backbone-report.ts';
import { commandContext, done, dropped } from './command-fixture.ts';

function entry(id: string): BackboneEntry {
  const manifest = {
    id,
    name: id.toUpperCase(),
    family: 'test',
    inputSide: 16,
    pixels: '[-1,1]',
    featureLayer: null,
    licence: 'MIT',
    source: 'made for tests',
    sizeBytes: id.length,
  } as const;
  return { manifest, origin: 'self-hosted', urls: ['model.json'] };
}

const IN_USE = backboneReport({ id: 'a', name: 'A' });

const FIGURES = {
  featureLength: 8,
  parameterCount: 1,
  downloadBytes: 1,
  loadMs: 1,
  heldBytes: 4,
  singleMs: 1,
  batchMs: 1,
  batchSize: 16,
  headMs: 1,
};

type Answer = (input: CandidateInput, ctx: CommandContext) => CandidateFigures | Promise<CandidateFigures>;

/** Right about every image but the first. */
const nearlyRight: Answer = ({ classIndices }) => ({
  ...FIGURES,
  predictedIndices: classIndices.map((index, row) => (row === 0 ? -1 : index)),
});

/** A project of 30 images in two classes, three networks, and an engine that answers as told. */
async function context(answer: Answer): Promise<CommandContext> {
  const ctx: CommandContext = await commandContext({
    compareCandidate: async (input) => answer(input, ctx),
    cachedBackbones: async () => [],
    // It is never ready.
    prepareBackbone: (_, { signal }) =>
      new Promise((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  });
  ctx.store.setState((state) => ({
    backbones: { ...state.backbones, current: IN_USE, entries: ['a', 'bb', 'ccc'].map(entry) },
  }));
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [`${index % 2}/${index}.png`, `image ${index}`]),
  );
  await importFiles(ctx, dropped(files), { classId: null });
  return ctx;
}

const kept = (ctx: CommandContext) => ctx.store.getState().project?.comparison ?? null;
const idOf = ({ candidate }: CandidateInput) =>
  candidate.kind === 'network' ? candidate.entry.manifest.id : candidate.kind;

test('each candidate becomes a row that storage has too', async () => {
  const ctx = await context(nearlyRight);
  expect(await done(compareBackbones(ctx, {}))).toEqual(kept(ctx));
  expect(kept(ctx)?.rows.map(({ id }) => id)).toEqual(['pixels', 'untrained', 'a', 'bb', 'ccc']);
  const imageCount = kept(ctx)?.imageCount ?? 0;
  expect(kept(ctx)?.rows[0]?.result).toMatchObject({ outcomes: `-${'1'.repeat(imageCount - 1)}` });
  await ctx.session.writes;
  const stored = await ctx.storage.projects.load(ctx.store.getState().project?.id ?? '');
  expect(stored.project.comparison).toEqual(kept(ctx));
  expect(ctx.store.getState().jobs).toEqual([]);
});

test('one that fails is a row with its reason, and the others go on', async () => {
  const ctx = await context((input, own) => {
    if (idOf(input) === 'a') throw new RemoteError('backbone-unreachable', 'away');
    return nearlyRight(input, own);
  });
  await done(compareBackbones(ctx, { ids: ['a', 'bb'], baselines: false }));
  expect(kept(ctx)?.rows).toMatchObject([
    { id: 'a', result: { kind: 'failed', reason: 'The network could not be downloaded.' } },
    { id: 'bb', result: { kind: 'measured' } },
  ]);
});

test('stopped, it keeps the rows that are finished', async () => {
  const ctx = await context((input, own) => {
    if (idOf(input) === 'bb') stopJobs(own, ['comparison']);
    return nearlyRight(input, own);
  });
  await done(compareBackbones(ctx, { baselines: false }));
  expect(kept(ctx)?.rows.map(({ id }) => id)).toEqual(['a']);
  expect(ctx.session.jobs.size).toBe(0);
});

test('no training, no second comparison and no other network meanwhile; all of it afterwards', async () => {
  const refusals: unknown[] = [];
  const ctx = await context(async (input, own) => {
    refusals.push(await startTraining(own), await compareBackbones(own, {}), await switchBackbone(own, 'a'));
    return nearlyRight(input, own);
  });
  await done(compareBackbones(ctx, { ids: ['a'], baselines: false }));
  const reason = 'A comparison of backbones is running. Wait until it has ended, or stop it.';
  expect(refusals).toEqual(Array.from({ length: 3 }, () => ({ kind: 'refused', reason })));
  await done(compareBackbones(ctx, { ids: ['bb'], baselines: false }));
  expect(kept(ctx)?.rows.map(({ id }) => id)).toEqual(['a', 'bb']);
});

test('a backbone that is only on its way is given up for a comparison', async () => {
  const ctx = await context(nearlyRight);
  const load = loadNetwork(ctx, { entry: entry('slow'), reason: 'chosen' });
  await vi.waitFor(() => expect(loadingOf(ctx.store.getState())?.id).toBe('slow'));
  await done(compareBackbones(ctx, { ids: ['a'], baselines: false }));
  expect(await load).toMatchObject({ kind: 'cancelled', reason: expect.stringContaining('comparison') });
  expect(ctx.store.getState().backbones.current?.id).toBe(IN_USE.id);
});
