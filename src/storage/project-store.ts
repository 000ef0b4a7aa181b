import { CodedError } from '../domain/coded-error.ts';
import type { Project, ProjectSummary } from '../domain/project.ts';
import {
  projectDocument,
  type ReadProject,
  readProject,
  readProjectDocument,
  readProjectSummary,
} from '../schemas/project-document.ts';
import { atomically, type GraftDatabase, rangeOf, together } from './database.ts';
import { guarded, storageError } from './storage-error.ts';

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

function listProjects(database: GraftDatabase): Promise<ProjectSummary[]> {
  return together(database, ['projects', 'images'], async (transaction) => {
    const images = transaction.objectStore('images');
    const documents = await transaction.objectStore('projects').getAll();
    const counted = readable(documents).map(async (summary) => ({
      ...summary,
      imageCount: await images.count(rangeOf(summary.id)),
    }));
    return (await Promise.all(counted)).sort((one, other) => other.updatedAtMs - one.updatedAtMs);
  });
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

async function loadProject(database: GraftDatabase, id: string): Promise<ReadProject> {
  const [raw, images] = await together(database, ['projects', 'images'], (transaction) =>
    Promise.all([transaction.objectStore('projects').get(id), transaction.objectStore('images').getAll(rangeOf(id))]),
  );
  return readProject(found(raw), images);
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
