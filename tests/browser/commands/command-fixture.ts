import { onTestFinished } from 'vitest';
import { type CommandContext, newSession } from '../../../src/commands/context.ts';
import { type Outcome, unwrap } from '../../../src/commands/job.ts';
import { newProject } from '../../../src/commands/projects.ts';
import type { HeadWeights } from '../../../src/domain/head.ts';
import type { EngineCalls, InspectedFile, TrainOutput } from '../../../src/engine/contract.ts';
import type { EngineClient } from '../../../src/engine-client/engine-client.ts';
import type { DroppedFile } from '../../../src/files/dropped-file.ts';
import { abortError } from '../../../src/rpc/abort-error.ts';
import { createAppStore } from '../../../src/state/store.ts';
import { openStorage } from '../../../src/storage/storage.ts';
import { backboneReport } from '../../helpers/browser/backbone-report.ts';

/** Two features to two classes, one each. */
export const TINY_HEAD: HeadWeights = {
  layers: [
    {
      kernel: Float32Array.of(1, 0, 0, 1),
      bias: new Float32Array(2),
      inputLength: 2,
      outputLength: 2,
      activation: 'softmax',
    },
  ],
};

/** What training gives that trained this head alone. */
export const TINY_OUTPUT: TrainOutput = {
  end: 'all-epochs',
  bestEpochIndex: 0,
  head: TINY_HEAD,
  elapsedMs: 1,
  tuned: null,
  guard: null,
  fallback: null,
  classifier: null,
  settings: null,
  keptScores: null,
  learntFromValidation: false,
};

const DEVICE = {
  backend: 'wasm',
  adapter: '',
  softwareAdapter: false,
  threadCount: 1,
  probes: [],
  chosenByUser: false,
} as const;

type Answers = {
  [K in keyof EngineCalls]?: (
    input: EngineCalls[K]['input'],
    context: {
      readonly emit: (event: EngineCalls[K]['event']) => void;
      readonly stopRequested: () => boolean;
      readonly signal: AbortSignal | undefined;
    },
  ) => Promise<EngineCalls[K]['output']>;
};

async function sha256(blob: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Files whose text begins with "bad" are damaged, all others are images. */
async function inspect(file: Blob): Promise<InspectedFile> {
  if ((await file.text()).startsWith('bad')) return { kind: 'rejected', reason: 'broken', detail: 'made so' };
  const thumbnail = { bytes: new TextEncoder().encode('thumbnail'), mediaType: 'image/webp' };
  const hash = await sha256(file);
  const facts = { takenAtMs: null, isAlmostBlack: false, perceptualHash: hash.slice(0, 16) };
  return { kind: 'image', hash, widthPx: 8, heightPx: 6, mediaType: 'image/png', thumbnail, ...facts };
}

/** An engine that answers from a table: the port the commands talk to, not the engine under test elsewhere. */
function fakeEngine(answers: Answers): EngineClient {
  const all: Answers = {
    inspectFiles: async ({ files }) => Promise.all(files.map(inspect)),
    activateBackbone: async () => null,
    discardBackbone: async () => null,
    nearCopies: async ({ hashes }) => new Int32Array(hashes.length).fill(-1),
    ...answers,
  };
  return {
    async call(method, input, options) {
      const answer = all[method];
      if (answer === undefined) throw new Error(`the fake engine has no ${method}`);
      const signal = options?.signal;
      const answered = answer(input, {
        emit: (event) => options?.onEvent?.(event),
        stopRequested: () => options?.stopSignal?.aborted ?? false,
        signal,
      });
      // A cancelled call rejects at once, as with the real client.
      const output = await Promise.race([answered, aborted(signal)]);
      signal?.throwIfAborted();
      return output;
    },
    close: () => undefined,
    kill: () => undefined,
  };
}

/** Rejects when the signal aborts; never settles otherwise. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(abortError());
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Real storage in a database of its own, a fake engine, a backbone that the page takes for active, an open project. */
export async function commandContext(answers: Answers = {}): Promise<CommandContext> {
  const databaseName = `graft-test-${crypto.randomUUID()}`;
  const storage = await openStorage({ databaseName });
  let nextId = 1;
  const ctx: CommandContext = {
    store: createAppStore(),
    storage,
    engine: fakeEngine(answers),
    session: newSession(),
    now: () => Date.now(),
    newId: () => `id-${nextId++}`,
    pageUrl: 'http://localhost/',
    versions: { graft: '0.0.0', tfjs: '0.0.0' },
  };
  ctx.store.setState(({ backbones }) => ({
    backbones: { ...backbones, current: backboneReport() },
    engine: { kind: 'ready', device: DEVICE },
  }));
  await newProject(ctx, 'Test');
  onTestFinished(() => {
    ctx.session.releaseClaim();
    storage.close();
    indexedDB.deleteDatabase(databaseName);
  });
  return ctx;
}

/** What a use case gave. @throws Error with the reason where it was refused, cancelled or failed. */
export async function done<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  return unwrap(await outcome);
}

/** Dropped files as `path -> text`. */
export async function* dropped(files: Readonly<Record<string, string>>): AsyncGenerator<DroppedFile> {
  for (const [path, text] of Object.entries(files)) yield { path, blob: new Blob([text]) };
}

/** What storage holds of the open project: `class/name (part)`, in order. */
export async function storedImages(ctx: CommandContext): Promise<string[]> {
  await ctx.session.writes;
  const id = ctx.store.getState().project?.id ?? '';
  const { project } = await ctx.storage.projects.load(id);
  return describeImages(project.dataset);
}

/** What the page shows, in the same words as `storedImages`. */
export function shownImages(ctx: CommandContext): string[] {
  const { project } = ctx.store.getState();
  return project === null ? [] : describeImages(project.dataset);
}

function describeImages({ classes, images }: NonNullable<ReturnType<typeof projectOf>>['dataset']): string[] {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  return [...images.values()].map(
    ({ classId, name, lockedPart }) => `${names.get(classId)}/${name}${lockedPart === null ? '' : ` (${lockedPart})`}`,
  );
}

function projectOf(ctx: CommandContext) {
  return ctx.store.getState().project;
}
