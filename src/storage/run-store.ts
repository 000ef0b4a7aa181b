import { CodedError } from '../domain/coded-error.ts';
import type { Run, RunArtifacts } from '../domain/run.ts';
import { artifactsDocument, readArtifacts } from '../schemas/artifacts-document.ts';
import { readRun, runDocument } from '../schemas/run-document.ts';
import { atomically, type GraftDatabase, rangeOf } from './database.ts';
import { guarded } from './storage-error.ts';

/** Runs of projects and the heavy half beside each. */
export interface RunStore {
  /** Oldest first; one that cannot be read is left out. */
  list(projectId: string): Promise<Run[]>;
  /** Writes a run; with artifacts, both or neither. @throws CodedError 'disk-full' */
  save(run: Run, artifacts?: RunArtifacts): Promise<void>;
  /** Writes a changed run, unless it is not there: deleted meanwhile, or never stored for want of room. @throws CodedError 'disk-full' */
  change(run: Run): Promise<void>;
  /** The heavy half; null when the run has none. @throws CodedError 'file-unreadable' */
  artifacts(projectId: string, runId: string): Promise<RunArtifacts | null>;
  /** Removes the run with its artifacts. */
  delete(projectId: string, runId: string): Promise<void>;
}

export function runStore(database: GraftDatabase): RunStore {
  return {
    list: (projectId) => guarded(async () => readable(await database.getAll('runs', rangeOf(projectId)))),
    save: (run, artifacts) => guarded(() => saveRun(database, run, artifacts)),
    change: (run) => guarded(() => changeRun(database, run)),
    artifacts: (projectId, runId) =>
      guarded(async () => {
        const raw = await database.get('artifacts', [projectId, runId]);
        return raw === undefined ? null : readArtifacts(raw);
      }),
    delete: (projectId, runId) =>
      guarded(() =>
        atomically(database, ['runs', 'artifacts'], (transaction, write) => {
          write(transaction.objectStore('runs').delete([projectId, runId]));
          write(transaction.objectStore('artifacts').delete([projectId, runId]));
        }),
      ),
  };
}

function readable(documents: readonly unknown[]): Run[] {
  const runs = documents.flatMap((raw) => {
    try {
      return [readRun(raw)];
    } catch (error) {
      if (error instanceof CodedError) return [];
      throw error;
    }
  });
  return runs.sort((one, other) => one.startedAtMs - other.startedAtMs);
}

function changeRun(database: GraftDatabase, run: Run): Promise<void> {
  const key: [string, string] = [run.projectId, run.id];
  return atomically(database, ['runs'], async (transaction, write) => {
    const store = transaction.objectStore('runs');
    if ((await store.getKey(key)) !== undefined) write(store.put(runDocument(run), key));
  });
}

function saveRun(database: GraftDatabase, run: Run, artifacts: RunArtifacts | undefined): Promise<void> {
  const key: [string, string] = [run.projectId, run.id];
  return atomically(database, ['runs', 'artifacts'], (transaction, write) => {
    write(transaction.objectStore('runs').put(runDocument(run), key));
    if (artifacts !== undefined) write(transaction.objectStore('artifacts').put(artifactsDocument(artifacts), key));
  });
}
