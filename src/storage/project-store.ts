import { CodedError } from '../domain/coded-error.ts';
import type { Project, ProjectSummary } from '../domain/project.ts';
import {
  projectDocument,
  projectReader,
  type ReadProject,
  readProjectDocument,
  readProjectSummary,
} from '../schemas/project-document.ts';
import { atomically, type GraftDatabase, rangeOf, together } from './database.ts';
import { guarded, storageError } from './storage-error.ts';

/** Images per request: few enough that the page can draw between two of them. */
const PAGE_RECORDS = 1000;

const OWNED = ['images', 'runs', 'artifacts'] as const;

/** Identity of a project about to be made from another. */
interface ProjectCopy {
  readonly id: string;
  readonly name: string;
  readonly nowMs: number;
}

/** Projects as wholes. Every method rejects with a CodedError; see `storage-error.ts`. */
export interface ProjectStore {
  /** Most recently changed first; one that cannot be read is left out. */
  list(): Promise<ProjectSummary[]>;
  /** Writes everything but images and runs. @throws CodedError 'disk-full' */
  save(project: Project): Promise<void>;
  /** @throws CodedError 'project-missing' | 'file-unreadable' */
  load(id: string): Promise<ReadProject>;
  /** Copies images, runs and results; originals are shared. The copy gets a new identity, name and dates. */
  duplicate(id: string, copy: ProjectCopy): Promise<void>;
  rename(id: string, name: string, nowMs: number): Promise<void>;
  /** Removes the project with its images, runs and results; originals stay until `collectGarbage`. */
  delete(id: string): Promise<void>;
}

export function projectStore(database: GraftDatabase): ProjectStore {
  return {
    list: () => guarded(() => listProjects(database)),
    save: (project) =>
      guarded(async () => {
        await database.put('projects', projectDocument(project), project.id);
      }),
    load: (id) => guarded(() => loadProject(database, id)),
    duplicate: (id, copy) => guarded(() => duplicateProject(database, id, copy)),
    rename: (id, name, nowMs) =>
      guarded(() =>
        atomically(database, ['projects'], async (transaction, write) => {
          const projects = transaction.objectStore('projects');
          const document = readProjectDocument(found(await projects.get(id)));
          write(projects.put({ ...document, name, updatedAtMs: nowMs }, id));
        }),
      ),
    delete: (id) => guarded(() => deleteProject(database, id)),
  };
}

function found(raw: unknown): unknown {
  if (raw === undefined) throw storageError('project-missing');
  return raw;
}

/** The document says how many images there are: it is written with them, and counting 10,000 takes longer than a frame. */
async function listProjects(database: GraftDatabase): Promise<ProjectSummary[]> {
  const documents = await database.getAll('projects');
  return readable(documents).sort((one, other) => other.updatedAtMs - one.updatedAtMs);
}

function readable(documents: readonly unknown[]): ProjectSummary[] {
  return documents.flatMap((raw) => {
    try {
      return [readProjectSummary(raw)];
    } catch (error) {
      if (error instanceof CodedError) return [];
      throw error;
    }
  });
}

function loadProject(database: GraftDatabase, id: string): Promise<ReadProject> {
  return together(database, ['projects', 'images'], async (transaction) => {
    const images = transaction.objectStore('images');
    const { upper } = rangeOf(id);
    const readPage = async (range: IDBKeyRange) =>
      await Promise.all([images.getAllKeys(range, PAGE_RECORDS), images.getAll(range, PAGE_RECORDS)]);
    const [raw, first] = await Promise.all([transaction.objectStore('projects').get(id), readPage(rangeOf(id))]);
    const reader = projectReader(found(raw));
    for (let [keys, records] = first; ; ) {
      const last = keys.length < PAGE_RECORDS ? undefined : keys.at(-1);
      // The browser fetches the next page while this one is checked.
      const next = last === undefined ? null : readPage(IDBKeyRange.bound(last, upper, true));
      for (const record of records) reader.add(record);
      if (next === null) return reader.project();
      [keys, records] = await next;
    }
  });
}

function duplicateProject(database: GraftDatabase, id: string, copy: ProjectCopy): Promise<void> {
  const { id: copyId, name, nowMs } = copy;
  return atomically(database, ['projects', ...OWNED], async (transaction, write) => {
    const projects = transaction.objectStore('projects');
    const document = readProjectDocument(found(await projects.get(id)));
    write(projects.put({ ...document, id: copyId, name, createdAtMs: nowMs, updatedAtMs: nowMs }, copyId));
    for (const storeName of OWNED) {
      const store = transaction.objectStore(storeName);
      const [keys, values] = await Promise.all([store.getAllKeys(rangeOf(id)), store.getAll(rangeOf(id))]);
      for (const [index, [, key]] of keys.entries()) {
        const value = storeName === 'runs' ? belongingTo(copyId, values[index]) : values[index];
        write(store.put(value, [copyId, key]));
      }
    }
  });
}

function belongingTo(projectId: string, run: unknown): unknown {
  return typeof run === 'object' ? { ...run, projectId } : run;
}

function deleteProject(database: GraftDatabase, id: string): Promise<void> {
  return atomically(database, ['projects', ...OWNED], (transaction, write) => {
    write(transaction.objectStore('projects').delete(id));
    for (const name of OWNED) write(transaction.objectStore(name).delete(rangeOf(id)));
  });
}
