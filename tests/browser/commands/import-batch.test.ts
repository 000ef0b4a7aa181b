import { describe, expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { deleteImages, editDataset, redo, undo } from '../../../src/commands/edit-dataset.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { cancelFirst } from '../../../src/commands/job.ts';
import { newProject, openProject } from '../../../src/commands/projects.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import type { DroppedFile } from '../../../src/files/dropped-file.ts';
import { commandContext, shownImages, storedImages } from './command-fixture.ts';

const FOLDERS = { classId: null };
const FILE_COUNT = 192;

/** Six chunks in four classes; `at` is called when the file of that number is asked for. */
async function* manyFiles(at: Readonly<Record<number, () => unknown>> = {}): AsyncGenerator<DroppedFile> {
  for (let index = 0; index < FILE_COUNT; index += 1) {
    await at[index]?.();
    yield { path: `class ${index % 4}/${index}.png`, blob: new Blob([`${index}`]) };
  }
}

/** A context whose clock stands still, so that nothing is due to be shown between the first chunk and the end. */
async function stillContext(): Promise<CommandContext> {
  return { ...(await commandContext()), now: () => 1000 };
}

/** Collects the image ids the page was told of, one entry each time it was told. */
function watchShown(ctx: CommandContext): (readonly string[])[] {
  const told: (readonly string[])[] = [];
  ctx.store.subscribe(({ project }, before) => {
    if (project?.dataset.images !== before.project?.dataset.images)
      told.push([...(project?.dataset.images.keys() ?? [])]);
  });
  return told;
}

describe('an import of many chunks', () => {
  test('tells the page at the first and at the end when no time passes, and loses nothing', async () => {
    const ctx = await stillContext();
    const told = watchShown(ctx);
    await importFiles(ctx, manyFiles(), FOLDERS);
    expect(told.map((ids) => ids.length)).toEqual([32, FILE_COUNT]);
    expect(await storedImages(ctx)).toEqual(shownImages(ctx));
  });

  test('tells the page of what is waiting once enough time has passed', async () => {
    const clock = { nowMs: 0 };
    const ctx = { ...(await commandContext()), now: () => clock.nowMs };
    const told = watchShown(ctx);
    await importFiles(ctx, manyFiles({ 96: () => (clock.nowMs += 10_000) }), FOLDERS);
    expect(told).toHaveLength(3);
  });

  test('shows only what is on disk', async () => {
    const inner = await commandContext();
    const written = new Set<string>();
    const images: CommandContext['storage']['images'] = {
      ...inner.storage.images,
      addChunk: async (project, chunk) => {
        const outcome = await inner.storage.images.addChunk(project, chunk);
        for (const { id } of chunk.items) written.add(id);
        return outcome;
      },
    };
    const ctx = { ...inner, storage: { ...inner.storage, images } };
    const missing: string[] = [];
    ctx.store.subscribe(({ project }) => {
      for (const id of project?.dataset.images.keys() ?? []) if (!written.has(id)) missing.push(id);
    });
    await importFiles(ctx, manyFiles(), FOLDERS);
    expect(written.size).toBe(FILE_COUNT);
    expect(missing).toEqual([]);
  });

  test('is one step to undo, however often the page was told', async () => {
    const ctx = await commandContext();
    await importFiles({ ...ctx, now: alwaysLater() }, manyFiles(), FOLDERS);
    expect(ctx.store.getState().undoDepth).toBe(1);
    const before = shownImages(ctx);
    undo(ctx);
    expect(ctx.store.getState().project?.dataset.classes).toEqual([]);
    expect(await storedImages(ctx)).toEqual([]);
    redo(ctx);
    expect(shownImages(ctx)).toEqual(before);
    expect(await storedImages(ctx)).toEqual(before);
  });

  test('shows everything that was written when it is cancelled', async () => {
    const ctx = await stillContext();
    await importFiles(ctx, manyFiles({ 120: () => cancelFirst(ctx, 'import') }), FOLDERS);
    expect(ctx.store.getState().import?.kind).toBe('cancelled');
    expect(shownImages(ctx).length).toBeGreaterThan(32);
    expect(await storedImages(ctx)).toEqual(shownImages(ctx));
  });

  test('can be cancelled while its source keeps it waiting', async () => {
    const ctx = await commandContext();
    async function* stuck() {
      yield { path: 'a/1.png', blob: new Blob(['1']) };
      cancelFirst(ctx, 'import');
      await new Promise(() => undefined);
    }
    await importFiles(ctx, stuck(), FOLDERS);
    expect(ctx.store.getState().import?.kind).toBe('cancelled');
  });
});

describe('an edit during an import', () => {
  const edits: Readonly<Record<string, (ctx: CommandContext) => void>> = {
    'that deletes images': (ctx) =>
      deleteImages(ctx, [...(ctx.store.getState().project?.dataset.images.keys() ?? [])].slice(0, 5)),
    'that renames a class': (ctx) => {
      const first = ctx.store.getState().project?.dataset.classes[0];
      if (first !== undefined) {
        editDataset(ctx, 'Rename class', [{ kind: 'rename-class', classId: first.id, name: 'renamed' }]);
      }
    },
    'that changes the project': (ctx) => changeProject(ctx, { name: 'Another name' }),
    'that takes the import back so far': undo,
  };

  for (const [name, edit] of Object.entries(edits)) {
    test(`${name} finds all that is on disk, and both end on disk`, async () => {
      const ctx = await stillContext();
      await importFiles(ctx, manyFiles({ 120: () => edit(ctx) }), FOLDERS);
      expect(shownImages(ctx).length).toBeGreaterThan(50);
      expect(shownImages(ctx).filter((image) => image.startsWith('undefined'))).toEqual([]);
      expect(await storedImages(ctx)).toEqual(shownImages(ctx));
    });
  }

  test('while the first image of a new class is being written leaves that class on disk', async () => {
    const inner = await stillContext();
    const images: CommandContext['storage']['images'] = {
      ...inner.storage.images,
      addChunk: (project, chunk) => {
        changeProject(inner, { name: `Named at ${project.dataset.images.size}` });
        return inner.storage.images.addChunk(project, chunk);
      },
    };
    await importFiles({ ...inner, storage: { ...inner.storage, images } }, manyFiles(), FOLDERS);
    expect(shownImages(inner)).toHaveLength(FILE_COUNT);
    expect(await storedImages(inner)).toEqual(shownImages(inner));
  });
});

test('opening another project ends the import in its own, and nothing of it comes along', async () => {
  const ctx = await stillContext();
  const firstId = ctx.store.getState().project?.id ?? '';
  const opened: Promise<void>[] = [];
  await importFiles(ctx, manyFiles({ 120: () => void opened.push(newProject(ctx, 'Other')) }), FOLDERS);
  await Promise.all(opened);
  expect(ctx.store.getState().project?.name).toBe('Other');
  expect(ctx.store.getState().import).toBeNull();
  expect(shownImages(ctx)).toEqual([]);
  expect(await storedImages(ctx)).toEqual([]);
  await openProject(ctx, firstId);
  expect(shownImages(ctx).length).toBeGreaterThan(32);
});

function alwaysLater(): () => number {
  let nowMs = 0;
  return () => (nowMs += 1000);
}
