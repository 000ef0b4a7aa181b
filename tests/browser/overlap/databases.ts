import { openDB } from 'idb';
import type { Project } from '../../../src/domain/project.ts';
import type { Run, RunArtifacts } from '../../../src/domain/run.ts';
import { openStorage } from '../../../src/storage/storage.ts';

type Record = readonly [key: IDBValidKey, value: unknown];
/** A database as plain data: records by store. */
export type DatabaseCopy = ReadonlyMap<string, readonly Record[]>;

export async function copyDatabase(name: string): Promise<DatabaseCopy> {
  const database = await openDB(name);
  const copy = new Map<string, Record[]>();
  for (const storeName of database.objectStoreNames) {
    const store = database.transaction(storeName).store;
    const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
    copy.set(
      storeName,
      keys.map((key, index) => [key, values[index]]),
    );
  }
  database.close();
  return copy;
}

/** A new database with these records in it. @returns its name. */
export async function pasteDatabase(copy: DatabaseCopy): Promise<string> {
  const name = `graft-overlap-${crypto.randomUUID()}`;
  // Storage makes the stores, as at a first visit.
  (await openStorage({ databaseName: name })).close();
  const database = await openDB(name);
  const transaction = database.transaction([...copy.keys()], 'readwrite', { durability: 'relaxed' });
  for (const [storeName, records] of copy) {
    for (const [key, value] of records) void transaction.objectStore(storeName).put(value, key);
  }
  await transaction.done;
  database.close();
  return name;
}

/** Everything a database holds, read by the page's own readers. */
export interface Stored {
  readonly projects: ReadonlyMap<string, Project>;
  /** By project. */
  readonly runs: ReadonlyMap<string, readonly Run[]>;
  /** By run. */
  readonly artifacts: ReadonlyMap<string, RunArtifacts | null>;
  /** Images, runs and results whose project is gone. */
  readonly orphans: readonly string[];
  /** Content hashes whose original is there. */
  readonly originals: ReadonlySet<string>;
}

export async function readStored(databaseName: string): Promise<Stored> {
  const storage = await openStorage({ databaseName });
  const database = await openDB(databaseName);
  const projects = new Map<string, Project>();
  const runs = new Map<string, readonly Run[]>();
  const artifacts = new Map<string, RunArtifacts | null>();
  for (const { id } of await storage.projects.list()) {
    projects.set(id, (await storage.projects.load(id)).project);
    const list = await storage.runs.list(id);
    runs.set(id, list);
    for (const run of list) artifacts.set(run.id, await storage.runs.artifacts(id, run.id));
  }
  const orphans: string[] = [];
  for (const storeName of ['images', 'runs', 'artifacts']) {
    for (const key of await database.getAllKeys(storeName)) {
      const projectId = Array.isArray(key) ? String(key[0]) : '';
      if (!projects.has(projectId)) orphans.push(`${storeName} of project ${projectId}`);
    }
  }
  const originals = new Set((await database.getAllKeys('originals')).map(String));
  database.close();
  storage.close();
  return { projects, runs, artifacts, orphans: [...new Set(orphans)], originals };
}
