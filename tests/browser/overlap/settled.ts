import type { SearchPlan } from '../../../src/domain/search.ts';
import type { TrainingSettings } from '../../../src/domain/settings.ts';
import type { AppState } from '../../../src/state/app-state.ts';
import { sleep } from './blocked-thread.ts';
import type { DatabaseCopy, Stored } from './databases.ts';
import type { readTensors } from './export-faults.ts';
import type { OpenPage } from './open-page.ts';
import type { PoolPicture } from './pictures.ts';
import type { Features } from './reference.ts';

/** What every pair starts from, and what is known to be true of it. */
export interface Template {
  readonly database: DatabaseCopy;
  /** The project a pair begins in, and the one it may switch to. */
  readonly firstId: string;
  readonly secondId: string;
  /** Ids of stored runs, by project. */
  readonly runIds: ReadonlyMap<string, readonly string[]>;
  readonly settings: Partial<TrainingSettings>;
  readonly searchPlan: SearchPlan;
  readonly candidateCount: number;
  /** Pictures that no project has yet. */
  readonly newPictures: readonly PoolPicture[];
  readonly features: Features;
  readonly backboneTensors: ReadonlyMap<string, Awaited<ReturnType<typeof readTensors>>>;
  /** What each backbone gives with nothing beside it, by backbone and fingerprint of the images. */
  readonly quiet: ReadonlyMap<string, QuietResults>;
}

export interface QuietResults {
  readonly settings: TrainingSettings;
  /** Probabilities of a cross-validation, by image id. */
  readonly crossValidated: ReadonlyMap<string, readonly number[]>;
  /** Validation loss by candidate. */
  readonly searchLosses: readonly (number | null)[];
  /** Signs of the comparison's row. */
  readonly outcomes: string;
}

/** A page on which nothing runs any more, and what its database holds. */
export interface Settled {
  readonly state: AppState;
  readonly stored: Stored;
  /** Content hash by image id. */
  readonly hashes: ReadonlyMap<string, string>;
}

const SETTLE_LIMIT_MS = 20_000;

/** Waits until nothing runs. @returns what still does when the time is over. */
export async function whatStillRuns(page: OpenPage): Promise<readonly string[]> {
  const endMs = performance.now() + SETTLE_LIMIT_MS;
  for (let quietCount = 0; ; ) {
    await page.ctx.session.writes;
    const busy = running(page);
    quietCount = busy.length === 0 ? quietCount + 1 : 0;
    // Twice, for what one end sets off begins a turn later.
    if (quietCount === 2) return [];
    if (performance.now() > endMs) return busy;
    await sleep(4);
  }
}

/** What the state, or the session behind it, says is running. */
function running({ ctx }: OpenPage): string[] {
  const { jobs, import: importing, engine } = ctx.store.getState();
  const { session } = ctx;
  const acts: Record<string, boolean> = {
    importing: importing?.kind === 'reading',
    [`engine ${engine.kind}`]: engine.kind !== 'ready',
    'class averages': session.instant?.kind === 'running',
  };
  return [
    ...jobs.map(({ kind, phase }) => `${kind} ${phase}`),
    ...[...session.jobs.values()].map(({ kind }) => `session: ${kind}`),
    ...Object.keys(acts).filter((act) => acts[act]),
  ];
}
