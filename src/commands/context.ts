import type { ContentHash } from '../domain/dataset.ts';
import { EMPTY_HISTORY, type History } from '../domain/history.ts';
import type { BroughtFile } from '../engine/contract.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import type { AppStore } from '../state/store.ts';
import type { Storage } from '../storage/storage.ts';
import type { InstantJob } from './instant-model.ts';
import type { RunningJob } from './job.ts';

/** What commands remember between calls and the page never shows. */
export interface Session {
  history: History;
  /** Jobs under way by id, see `job.ts`. */
  readonly jobs: Map<string, RunningJob>;
  /** Shows what the running import has on disk already, so that an edit finds it; null while none runs. */
  showStored: (() => void) | null;
  /** Settles once the latest activation of a backbone is shown; from the call on the engine holds that one. */
  activation: Promise<void>;
  /** Files of a network being brought, from the choice until it is used or given up. */
  bringing: { readonly cancel: AbortController; readonly files: readonly BroughtFile[] } | null;
  /** What near-copies were last looked for among: project, backbone and resize mode as text, and the contents. */
  copiesSought: { readonly basis: string; readonly hashes: ReadonlySet<ContentHash> } | null;
  /** Class averages of the images, the latest made or being made; null before the first. */
  instant: InstantJob | null;
  /** The head, and its backbone, that the engine holds for `classify`; null after a restart. */
  headOnDevice: string | null;
  /** Gives the open project back to other tabs. */
  releaseClaim: () => void;
  /** Writes to storage one after another, in the order they were asked for. */
  writes: Promise<void>;
}

/** The session of a page on which nothing has happened yet. */
export function newSession(): Session {
  return {
    history: EMPTY_HISTORY,
    jobs: new Map(),
    showStored: null,
    activation: Promise.resolve(),
    bringing: null,
    copiesSought: null,
    instant: null,
    headOnDevice: null,
    releaseClaim: () => undefined,
    writes: Promise.resolve(),
  };
}

/** Everything a command may use. Built once in `main.tsx`. */
export interface CommandContext {
  readonly store: AppStore;
  readonly storage: Storage;
  readonly engine: EngineClient;
  readonly session: Session;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Address of the page without its query; `backbones/` and `samples/` lie beside it. */
  readonly pageUrl: string;
  readonly versions: { readonly graft: string; readonly tfjs: string };
}
