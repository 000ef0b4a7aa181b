import { abortError, isAbortError } from '../rpc/abort-error.ts';
import { excludedBy, jobInTheWay, jobRule } from '../state/job-rules.ts';
import { jobOf } from '../state/job-selectors.ts';
import type { Job, JobKind, JobProgress } from '../state/jobs.ts';
import type { CommandContext } from './context.ts';
import { type ErrorText, errorCode, errorText } from './error-text.ts';

/** How a use case ended. Page and scripts read the same one. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** It did not begin, and changed nothing; `reason` says why and what to do. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** `reason` says who ended it. */
  | { readonly kind: 'cancelled'; readonly reason: string }
  | ({ readonly kind: 'failed'; readonly code: string | null; readonly error: unknown } & ErrorText);

/** Thrown inside a job, or before it, where it turns out that it cannot go on; the message is for the user. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** What the work of a job is given. */
export interface JobHandle<K extends JobKind> {
  readonly id: string;
  readonly kind: K;
  /** True when others had to end first. */
  readonly hasWaited: boolean;
  /** The project it began in; null for what outlives a change of project, and where none was open. */
  readonly projectId: string | null;
  /** Aborts when the job is cancelled: nothing of it is kept from then on. */
  readonly signal: AbortSignal;
  /** Aborts when the job is to end with what it has. */
  readonly stopSignal: AbortSignal;
  /** Shows how far it is. */
  report(progress: JobProgress[K]): void;
  /** To be called after an await, before anything is written. @throws AbortError once cancelled, or in another project. */
  check(): void;
}

/** The part of the context that jobs need. */
export type JobContext = Pick<CommandContext, 'store' | 'session' | 'newId'>;

/** The ways to end a job, and its end. */
export interface RunningJob {
  readonly kind: JobKind;
  readonly cancel: AbortController;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

interface JobOptions<K extends JobKind> {
  /** What is shown from the first moment on, also while it waits. */
  readonly progress: JobProgress[K];
  /** True when stopping keeps what was done so far. */
  readonly canStop?: boolean;
  /** Why it cannot begin, as sentences; null when it can. Asked at once, and again after waiting. */
  readonly obstacle?: () => string | null;
  /** Cancels the job when it aborts. */
  readonly cancelledBy?: AbortSignal;
}

/** These belong to no project. */
const BEYOND_PROJECTS: readonly JobKind[] = ['backbone', 'device', 'project-file', 'project', 'removal'];

const LEFT = 'It was given up because another project was opened.';
const BY_USER = 'It was cancelled. What was there before is kept.';
const REPLACED: Readonly<Partial<Record<JobKind, string>>> = {
  backbone: 'It was given up because another backbone was chosen.',
  device: 'It was given up because the engine was started on another backend.',
  run: 'It was given up because another run was chosen.',
  project: LEFT,
};

/**
 * Runs one job by the rules of `state/job-rules.ts`: it is refused, waits for others or ends them, and is in the state
 * from the first moment to the last. Jobs that wait begin in the order in which they were asked for.
 *
 * @returns how it ended; never rejects.
 */
export async function runJob<K extends JobKind, T>(
  ctx: JobContext,
  kind: K,
  options: JobOptions<K>,
  work: (job: JobHandle<K>) => Promise<T>,
): Promise<Outcome<T>> {
  const reason = jobInTheWay(kind, ctx.store.getState().jobs) ?? options.obstacle?.() ?? null;
  if (reason !== null) return { kind: 'refused', reason };
  const { id, job, running, end } = enlist(ctx, kind, options);
  const cancel = () => cancelJob(ctx, id, BY_USER);
  options.cancelledBy?.addEventListener('abort', cancel, { once: true });
  if (options.cancelledBy?.aborted === true) cancel();
  try {
    const hasWaited = await untilFree(ctx, kind, id, job.signal);
    job.check();
    const late = options.obstacle?.() ?? null;
    if (late !== null) return { kind: 'refused', reason: late };
    patch(ctx, id, { phase: 'running' });
    return { kind: 'done', value: await work({ ...job, hasWaited }) };
  } catch (error) {
    return outcomeOf(error, running);
  } finally {
    options.cancelledBy?.removeEventListener('abort', cancel);
    end();
  }
}

/** Puts the job among those that are there. */
function enlist<K extends JobKind>(ctx: JobContext, kind: K, { progress, canStop = false }: JobOptions<K>) {
  const id = ctx.newId();
  const projectId = BEYOND_PROJECTS.includes(kind) ? null : (ctx.store.getState().project?.id ?? null);
  const [cancel, stop] = [new AbortController(), new AbortController()];
  let resolve = () => {};
  const ended = new Promise<void>((settle) => {
    resolve = settle;
  });
  const running: RunningJob = { kind, cancel, stop, ended };
  ctx.session.jobs.set(id, running);
  const shown = { id, projectId, phase: 'waiting', canStop, isStopping: false, excludes: excludedBy(kind) } as const;
  // The compiler does not connect `kind` with `progress` of a union by a type parameter.
  const entry = { ...shown, kind, progress } as Job;
  ctx.store.setState(({ jobs }) => ({ jobs: [...jobs, entry] }));
  const job: Omit<JobHandle<K>, 'hasWaited'> = {
    id,
    kind,
    projectId,
    signal: cancel.signal,
    stopSignal: stop.signal,
    report: (latest) => patch(ctx, id, { progress: latest }),
    check: () => {
      const isElsewhere = projectId !== null && ctx.store.getState().project?.id !== projectId;
      if (cancel.signal.aborted || isElsewhere) throw abortError();
    },
  };
  const end = () => {
    ctx.session.jobs.delete(id);
    ctx.store.setState(({ jobs }) => ({ jobs: jobs.filter((other) => other.id !== id) }));
    resolve();
  };
  return { id, job, running, end };
}

function patch(ctx: JobContext, id: string, change: object): void {
  ctx.store.setState(({ jobs }) => ({
    jobs: jobs.map((job) => (job.id === id ? ({ ...job, ...change } as Job) : job)),
  }));
}

/** Cancels what the job replaces, and waits for it and for what the job lets go first. @returns true when there was any. */
async function untilFree(ctx: JobContext, kind: JobKind, id: string, signal: AbortSignal): Promise<boolean> {
  const { jobs } = ctx.store.getState();
  const before = jobs.slice(
    0,
    jobs.findIndex((job) => job.id === id),
  );
  const inTheWay = before.filter((other) => jobRule(kind, other.kind) !== 'overlap');
  for (const other of inTheWay) {
    if (jobRule(kind, other.kind) === 'replace') cancelJob(ctx, other.id, REPLACED[kind] ?? replacedBy(kind));
  }
  const ends = inTheWay.map((other) => ctx.session.jobs.get(other.id)?.ended);
  if (ends.length > 0) await orAborted(Promise.all(ends), signal);
  return ends.length > 0;
}

function replacedBy(kind: JobKind): string {
  return kind === 'measuring'
    ? 'It was given up because sizes of the model are measured.'
    : 'It was given up because training, a search or a comparison began.';
}

async function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(abortError());
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
  await Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', abort));
}

function cancelJob(ctx: JobContext, id: string, reason: string): void {
  const running = ctx.session.jobs.get(id);
  if (running === undefined || running.cancel.signal.aborted) return;
  patch(ctx, id, { phase: 'cancelling' });
  running.cancel.abort(reason);
}

/** Cancels all jobs of these kinds. @returns when they have ended. */
export async function cancelJobs(ctx: JobContext, kinds: readonly JobKind[], reason = BY_USER): Promise<void> {
  const wanted = [...ctx.session.jobs].filter(([, { kind }]) => kinds.includes(kind));
  for (const [id] of wanted) cancelJob(ctx, id, reason);
  await Promise.all(wanted.map(([, { ended }]) => ended));
}

/** Cancels the job of this kind that runs; those that wait for it begin. */
export function cancelFirst(ctx: JobContext, kind: JobKind): void {
  const running = jobOf(ctx.store.getState(), kind);
  if (running !== undefined) cancelJob(ctx, running.id, BY_USER);
}

/** Asks all jobs of these kinds that can be stopped to end with what they have. */
export function stopJobs(ctx: JobContext, kinds: readonly JobKind[]): void {
  for (const { id, kind, canStop } of ctx.store.getState().jobs) {
    if (!canStop || !kinds.includes(kind)) continue;
    patch(ctx, id, { isStopping: true });
    ctx.session.jobs.get(id)?.stop.abort();
  }
}

/** Resolves when no job of these kinds is left. @throws AbortError when `signal` aborts before. */
export async function jobsEnded(ctx: JobContext, kinds: readonly JobKind[], signal: AbortSignal): Promise<void> {
  for (;;) {
    const wanted = [...ctx.session.jobs.values()].filter(({ kind }) => kinds.includes(kind));
    if (wanted.length === 0) return;
    await orAborted(Promise.all(wanted.map(({ ended }) => ended)), signal);
  }
}

function outcomeOf(error: unknown, { cancel }: RunningJob): Exclude<Outcome<never>, { readonly kind: 'done' }> {
  const { aborted, reason } = cancel.signal;
  if (aborted) return { kind: 'cancelled', reason: typeof reason === 'string' ? reason : BY_USER };
  return failureOf(error);
}

/** What was thrown, as an outcome. */
export function failureOf(error: unknown): Exclude<Outcome<never>, { readonly kind: 'done' }> {
  if (error instanceof Refusal) return { kind: 'refused', reason: error.message };
  if (isAbortError(error)) return { kind: 'cancelled', reason: LEFT };
  return { kind: 'failed', code: errorCode(error), error, ...errorText(error) };
}

/**
 * The value of an outcome, for scripts.
 * @throws Error with the reason in plain words; DOMException 'AbortError' with the reason when it was cancelled.
 */
export function unwrap<T>(outcome: Outcome<T>): T {
  switch (outcome.kind) {
    case 'done':
      return outcome.value;
    case 'refused':
      throw new Error(outcome.reason);
    case 'cancelled':
      throw new DOMException(outcome.reason, 'AbortError');
    case 'failed':
      throw new Error(`${outcome.title} ${outcome.advice}`, { cause: outcome.error });
    default:
      return outcome satisfies never;
  }
}
