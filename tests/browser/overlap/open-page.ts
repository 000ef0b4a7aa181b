import type { Commands } from '../../../src/commands/commands.ts';
import { type CommandContext, newSession } from '../../../src/commands/context.ts';
import { createCommands } from '../../../src/commands/create-commands.ts';
import { createGraftApi } from '../../../src/commands/create-graft-api.ts';
import { followEngine } from '../../../src/commands/follow-engine.ts';
import type { GraftApi } from '../../../src/commands/graft-api.ts';
import { followImages } from '../../../src/commands/instant-model.ts';
import { openLastProject } from '../../../src/commands/projects.ts';
import { startUp } from '../../../src/commands/start-up.ts';
import type { BackboneReport } from '../../../src/domain/backbone.ts';
import { type Dataset, EMPTY_DATASET } from '../../../src/domain/dataset.ts';
import type { DeviceReport } from '../../../src/engine/contract.ts';
import { createEngineClient, type EngineClient, type EngineStatus } from '../../../src/engine-client/engine-client.ts';
import { createAppStore } from '../../../src/state/store.ts';
import { openStorage } from '../../../src/storage/storage.ts';
import { createEngineWorker } from '../../helpers/browser/engine.ts';
import { type Slowness, slowStorage } from './slow-storage.ts';

/** Lists three self-hosted backbones; see `make-backbones.ts` there. */
const PAGE_URL = `${location.origin}/tests/fixtures/overlap/`;

/** A real engine in a real worker, which the pages of many pairs use one after the other. */
export interface EngineHost {
  readonly client: EngineClient;
  device: DeviceReport | null;
  /** How often the worker ended unasked. */
  restartCount: number;
  follow: (status: EngineStatus) => void;
  /** Called before the page hears an answer of the engine. */
  beforeAnswer: () => void;
}

export function createEngineHost(): EngineHost {
  const createWorker = () => {
    const worker = createEngineWorker();
    // The first listener of all: the page's own come after it.
    worker.addEventListener('message', () => host.beforeAnswer());
    return worker;
  };
  const onState = (status: EngineStatus) => {
    if (status.kind === 'ready') host.device = status.device;
    if (status.kind === 'restarting') host.restartCount += 1;
    host.follow(status);
  };
  const host: EngineHost = {
    client: createEngineClient({ createWorker, onState }),
    device: null,
    restartCount: 0,
    follow: () => undefined,
    beforeAnswer: () => undefined,
  };
  return host;
}

/** What `main.tsx` builds, without what is drawn. */
export interface OpenPage {
  readonly ctx: CommandContext;
  readonly commands: Commands;
  readonly graft: GraftApi;
  readonly databaseName: string;
  readonly slowness: Slowness;
  /** Every message shown since the page was opened. */
  readonly told: readonly string[];
  /** Content hash by id of every image that was shown. */
  readonly hashes: ReadonlyMap<string, string>;
  /** The open project's images as they were when it was opened. */
  readonly openedDataset: () => Dataset;
  /** Resolves when everything is closed that outlives a page's memory. */
  close(): Promise<void>;
}

/** Opens the page on a database, as a reload does. A worker that runs already is used as it is. */
export async function openPage(host: EngineHost, databaseName: string): Promise<OpenPage> {
  const store = createAppStore();
  const session = newSession();
  const slowness: Slowness = { delayMs: () => 0 };
  const storage = await openStorage({ databaseName });
  host.follow = (status) => followEngine(store, session, status);
  const ctx: CommandContext = {
    store,
    storage: slowStorage(storage, slowness),
    engine: withoutRestart(host),
    session,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    pageUrl: PAGE_URL,
    versions: { graft: '0.0.0', tfjs: '0.0.0' },
  };
  const commands = createCommands(ctx);
  const told: string[] = [];
  const seen = new Set<number>();
  const hashes = new Map<string, string>();
  let opened: Dataset = EMPTY_DATASET;
  store.subscribe(({ notices, project }, before) => {
    for (const { id, title, detail } of notices) {
      if (!seen.has(id)) told.push(`${title} ${detail}`);
      seen.add(id);
    }
    if (project === null || project.dataset === before.project?.dataset) return;
    for (const { id, hash } of project.dataset.images.values()) hashes.set(id, hash);
    if (project.id !== before.project?.id) opened = project.dataset;
  });
  store.subscribe(() => followImages(ctx));
  const shown = openLastProject(ctx);
  const started = startUp(ctx, shown, 'wasm');
  await started;
  const close = async () => {
    host.follow = () => undefined;
    session.releaseClaim();
    await session.writes;
    storage.close();
  };
  const graft = createGraftApi(ctx, commands, shown, started);
  return { ctx, commands, graft, databaseName, slowness, told, hashes, openedDataset: () => opened, close };
}

/** The engine of a host; one that runs already answers `start` with what it runs on. */
function withoutRestart(host: EngineHost): EngineClient {
  const { client } = host;
  return {
    call: async (method, input, options) => {
      // The compiler cannot narrow the output by comparing the method's name.
      if (method !== 'start' || host.device === null) return await client.call(method, input, options);
      host.follow({ kind: 'ready', device: host.device });
      return host.device as Awaited<ReturnType<typeof client.call<typeof method>>>;
    },
    close: (reason) => client.close(reason),
    kill: () => client.kill(),
  };
}

/** Loads a backbone and waits for it. @throws Error with words when it is not in use afterwards. */
export function loadBackbone({ graft }: OpenPage, id: string): Promise<BackboneReport> {
  const { useBackbone: load } = graft;
  return load(id);
}
