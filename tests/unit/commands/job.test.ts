import { expect, test } from 'vitest';
import { newSession } from '../../../src/commands/context.ts';
import { cancelJobs, type JobContext, Refusal, runJob, stopJobs, unwrap } from '../../../src/commands/job.ts';
import { CodedError } from '../../../src/domain/coded-error.ts';
import type { JobKind } from '../../../src/state/jobs.ts';
import { createAppStore } from '../../../src/state/store.ts';

function context(): JobContext {
  let count = 0;
  return {
    store: createAppStore(),
    session: newSession(),
    newId: () => {
      count += 1;
      return `job-${count}`;
    },
  };
}

const LEARNING = { training: null, tuning: null } as const;

/** Something to wait for, and its end. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const kindsOf = (ctx: JobContext) => ctx.store.getState().jobs.map(({ kind, phase }) => `${kind} ${phase}`);
/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test('a job is in the state from the first moment to the last', async () => {
  const ctx = context();
  const { opened, open } = gate();
  const outcome = runJob(ctx, 'training', { progress: LEARNING, canStop: true }, () => opened.then(() => 7));
  expect(kindsOf(ctx)).toEqual(['training waiting']);
  await settle();
  expect(ctx.store.getState().jobs[0]).toMatchObject({ phase: 'running', canStop: true, isStopping: false });
  expect(ctx.store.getState().jobs[0]?.excludes).toContain('search');
  open();
  expect(await outcome).toEqual({ kind: 'done', value: 7 });
  expect(ctx.store.getState().jobs).toEqual([]);
  expect(ctx.session.jobs.size).toBe(0);
});

test('a job that may not overlap is refused with the reason and changes nothing', async () => {
  const ctx = context();
  const { opened, open } = gate();
  const first = runJob(ctx, 'training', { progress: LEARNING }, () => opened);
  let hasBegun = false;
  const second = await runJob(ctx, 'search', { progress: LEARNING }, async () => {
    hasBegun = true;
  });
  expect(second).toMatchObject({ kind: 'refused' });
  expect(() => unwrap(second)).toThrow('A training run is using the device. Wait until it has ended, or stop it.');
  expect(hasBegun).toBe(false);
  open();
  expect((await first).kind).toBe('done');
});

test('waiting jobs begin in the order they were asked for', async () => {
  const ctx = context();
  const order: number[] = [];
  const gates = [gate(), gate(), gate()];
  const outcomes = gates.map(({ opened }, index) =>
    runJob(ctx, 'import', { progress: null }, async ({ hasWaited }) => {
      order.push(index);
      await opened;
      return hasWaited;
    }),
  );
  await settle();
  expect(kindsOf(ctx)).toEqual(['import running', 'import waiting', 'import waiting']);
  for (const { open } of gates.toReversed()) open();
  expect(await Promise.all(outcomes)).toEqual([false, true, true].map((value) => ({ kind: 'done', value })));
  expect(order).toEqual([0, 1, 2]);
});

test('the later of two choices wins however slow the first is', async () => {
  const ctx = context();
  const slow = gate();
  const shown: string[] = [];
  const open = (name: string, ready: Promise<void>) =>
    runJob(ctx, 'run', { progress: null }, async ({ check }) => {
      await ready;
      check();
      shown.push(name);
    });
  const first = open('first', slow.opened);
  await settle();
  const second = open('second', Promise.resolve());
  slow.open();
  expect(await first).toEqual({ kind: 'cancelled', reason: 'It was given up because another run was chosen.' });
  expect((await second).kind).toBe('done');
  expect(shown).toEqual(['second']);
});

test('what replaces a job waits until that job has ended', async () => {
  const ctx = context();
  const cleaning = gate();
  const load = runJob(ctx, 'backbone', { progress: null }, async ({ signal }) => {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }).finally(() => cleaning.open());
  await settle();
  let hasBegun = false;
  const training = runJob(ctx, 'training', { progress: LEARNING }, async () => {
    await Promise.race([cleaning.opened, settle()]);
    hasBegun = true;
  });
  expect(kindsOf(ctx)).toEqual(['backbone cancelling', 'training waiting']);
  expect(await load).toMatchObject({ kind: 'cancelled', reason: expect.stringContaining('training') });
  await training;
  expect(hasBegun).toBe(true);
});

test('a job that waits can be cancelled and never begins', async () => {
  const ctx = context();
  const { opened, open } = gate();
  const first = runJob(ctx, 'import', { progress: null }, () => opened);
  let hasBegun = false;
  const second = runJob(ctx, 'import', { progress: null }, async () => {
    hasBegun = true;
  });
  await settle();
  const cancelled = cancelJobs(ctx, ['import']);
  expect((await second).kind).toBe('cancelled');
  open();
  await cancelled;
  expect((await first).kind).toBe('done');
  expect(hasBegun).toBe(false);
});

test('what was done when the cancel came is not lost', async () => {
  const ctx = context();
  const { opened, open } = gate();
  const outcome = runJob(ctx, 'measuring', { progress: null }, () => opened.then(() => 'measured'));
  await settle();
  const cancelled = cancelJobs(ctx, ['measuring']);
  open();
  await cancelled;
  expect(await outcome).toEqual({ kind: 'done', value: 'measured' });
});

test('an obstacle refuses, also one that comes while the job waits', async () => {
  const ctx = context();
  const { opened, open } = gate();
  let reason: string | null = 'Only one class has images.';
  const options = { progress: LEARNING, obstacle: () => reason };
  expect(await runJob(ctx, 'training', options, async () => 1)).toEqual({ kind: 'refused', reason });
  reason = null;
  const device = runJob(ctx, 'device', { progress: null }, () => opened);
  const waiting = runJob(ctx, 'training', options, async () => 1);
  reason = 'The engine did not start.';
  open();
  expect(await waiting).toEqual({ kind: 'refused', reason });
  await device;
});

test('stop reaches jobs that can be stopped and leaves the others alone', async () => {
  const ctx = context();
  const stopped: JobKind[] = [];
  const run = (kind: 'training' | 'import', canStop: boolean) => {
    const { opened, open } = gate();
    const work = ({ stopSignal }: { readonly stopSignal: AbortSignal }) => {
      stopSignal.addEventListener('abort', () => stopped.push(kind));
      return opened;
    };
    const outcome =
      kind === 'import'
        ? runJob(ctx, kind, { progress: null, canStop }, work)
        : runJob(ctx, kind, { progress: LEARNING, canStop }, work);
    return { outcome, open };
  };
  const training = run('training', true);
  const importing = run('import', false);
  await settle();
  stopJobs(ctx, ['training', 'import']);
  expect(stopped).toEqual(['training']);
  expect(ctx.store.getState().jobs.map(({ isStopping }) => isStopping)).toEqual([true, false]);
  training.open();
  importing.open();
  await Promise.all([training.outcome, importing.outcome]);
});

test('failures keep their code, refusals their words', async () => {
  const ctx = context();
  const failed = await runJob(ctx, 'export', { progress: null }, () =>
    Promise.reject(new CodedError('disk-full', 'x')),
  );
  expect(failed).toMatchObject({ kind: 'failed', code: 'disk-full', title: expect.stringContaining('disk space') });
  const refused = await runJob(ctx, 'export', { progress: null }, () => Promise.reject(new Refusal('Train first.')));
  expect(refused).toEqual({ kind: 'refused', reason: 'Train first.' });
  expect(ctx.store.getState().jobs).toEqual([]);
});
