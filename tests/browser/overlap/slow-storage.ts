import type { Storage } from '../../../src/storage/storage.ts';
import { sleep } from './blocked-thread.ts';

/** How slow a disk is: asked before and after each call. */
export interface Slowness {
  delayMs: () => number;
}

type Method = (...input: never[]) => unknown;

/** The same stores, as on a disk that takes its time: what a command awaits takes longer, and more happens meanwhile. */
export function slowStorage(storage: Storage, slowness: Slowness): Storage {
  const { projects, images, originals, runs, meta } = storage;
  return {
    ...storage,
    projects: slowed(projects, slowness),
    images: slowed(images, slowness),
    originals: slowed(originals, slowness),
    runs: slowed(runs, slowness),
    meta: slowed(meta, slowness),
    collectGarbage: (inUse) => delayed(slowness, () => storage.collectGarbage(inUse)),
  };
}

function slowed<T extends object>(store: T, slowness: Slowness): T {
  const methods = Object.entries(store).map(([name, method]: [string, Method]) => [
    name,
    (...input: never[]) => delayed(slowness, async () => method(...input)),
  ]);
  // Every method of a store gives a promise, so that each has the type it had.
  return Object.fromEntries(methods) as T;
}

async function delayed<R>({ delayMs }: Slowness, work: () => Promise<R>): Promise<R> {
  await pause(delayMs());
  const result = await work();
  await pause(delayMs());
  return result;
}

async function pause(forMs: number): Promise<void> {
  if (forMs > 0) await sleep(forMs);
}
