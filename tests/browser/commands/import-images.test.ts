import { describe, expect, test } from 'vitest';
import { deleteClass, redo, undo } from '../../../src/commands/edit-dataset.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { cancelFirst } from '../../../src/commands/job.ts';
import { newProject, openProject } from '../../../src/commands/projects.ts';
import { CodedError } from '../../../src/domain/coded-error.ts';
import { findConflicts } from '../../../src/domain/conflicts.ts';
import { commandContext, dropped, shownImages, storedImages } from './command-fixture.ts';

const FOLDERS = { classId: null };
const importState = (ctx: Awaited<ReturnType<typeof commandContext>>) => ctx.store.getState().import;

describe('an import', () => {
  test('makes a class of every folder and writes what it shows', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped({ 'a/1.png': '1', 'a/2.png': '2', 'b/3.png': '3' }), FOLDERS);
    expect(shownImages(ctx)).toEqual(['a/1.png', 'a/2.png', 'b/3.png']);
    expect(await storedImages(ctx)).toEqual(shownImages(ctx));
    expect(importState(ctx)).toMatchObject({ kind: 'done', foundCount: 3, doneCount: 3, addedCount: 3 });
  });

  test('puts loose files in one class that says so', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped({ 'x.png': 'x' }), FOLDERS);
    expect(shownImages(ctx)).toEqual(['Unsorted/x.png']);
  });

  test('keeps one of two equal files and flags a photo under two labels', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped({ 'a/1.png': 'same', 'a/2.png': 'same', 'b/3.png': 'same' }), FOLDERS);
    expect(shownImages(ctx)).toEqual(['a/1.png', 'b/3.png']);
    expect(importState(ctx)).toMatchObject({ addedCount: 2, duplicateCount: 1, conflictCount: 1, doneCount: 3 });
    const dataset = ctx.store.getState().project?.dataset;
    expect(dataset && findConflicts(dataset)).toHaveLength(1);
  });

  test('lists damaged files with a reason and keeps the good ones', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped({ 'a/1.png': '1', 'a/2.png': 'bad', 'a/3.png': '3' }), FOLDERS);
    expect(shownImages(ctx)).toEqual(['a/1.png', 'a/3.png']);
    expect(importState(ctx)?.rejected).toEqual([{ path: 'a/2.png', reason: expect.stringMatching(/damaged/) }]);
  });

  test('keeps a train, val, test layout as the split, copies included', async () => {
    const ctx = await commandContext();
    const files = { 'd/train/a/1.png': '1', 'd/val/a/2.png': '2', 'd/test/b/3.png': '3' };
    await importFiles(ctx, dropped(files), FOLDERS);
    const expected = ['a/1.png (train)', 'a/2.png (validation)', 'b/3.png (test)'];
    expect(shownImages(ctx)).toEqual(expected);
    expect(await storedImages(ctx)).toEqual(expected);
  });

  test('leaves out what lies directly in a part folder and says why, wherever it comes in the order', async () => {
    const ctx = await commandContext();
    const files = { 'd/test/loose.png': '0', 'd/train/a/1.png': '1', 'd/train/b/2.png': '2', 'd/val/a/3.png': '3' };
    await importFiles(ctx, dropped(files), FOLDERS);
    const expected = ['a/1.png (train)', 'b/2.png (train)', 'a/3.png (validation)'];
    expect(shownImages(ctx)).toEqual(expected);
    expect(ctx.store.getState().project?.dataset.classes.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(importState(ctx)).toMatchObject({ addedCount: 3, doneCount: 4 });
    expect(importState(ctx)?.rejected).toEqual([
      { path: 'd/test/loose.png', reason: expect.stringMatching(/directly in the folder of a part.*Try it/) },
    ]);
    expect(await storedImages(ctx)).toEqual(expected);
    undo(ctx);
    expect(await storedImages(ctx)).toEqual([]);
    redo(ctx);
    expect(await storedImages(ctx)).toEqual(expected);
  });

  test('makes no class of unlabelled test images beside a training part alone, and locks nothing', async () => {
    const ctx = await commandContext();
    const files = { 'test/9.png': 'same', 'train/a/1.png': 'same', 'train/b/2.png': '2', 'loose.png': '4' };
    await importFiles(ctx, dropped(files), FOLDERS);
    expect(shownImages(ctx)).toEqual(['a/1.png', 'b/2.png', 'Unsorted/loose.png']);
    expect(importState(ctx)).toMatchObject({ addedCount: 3, conflictCount: 0 });
    expect(ctx.store.getState().notices).toEqual([]);
  });

  test('takes nothing from a class called "test" that was there before', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped({ 'test/mine.png': 'mine' }), FOLDERS);
    const files = { 'd/test/mine.png': 'mine', 'd/test/9.png': '9', 'd/train/a/1.png': '1', 'd/val/a/2.png': '2' };
    await importFiles(ctx, dropped(files), FOLDERS);
    expect(shownImages(ctx)[0]).toMatch(/^test\/mine.png/);
    expect(shownImages(ctx)).toHaveLength(3);
    expect(await storedImages(ctx)).toEqual(shownImages(ctx));
  });

  test('keeps the split of what came in when it is cancelled', async () => {
    const ctx = await commandContext();
    async function* files() {
      for (let index = 0; ; index += 1) {
        if (index === 100) cancelFirst(ctx, 'import');
        yield { path: `${index % 2 === 0 ? 'train' : 'test'}/a/${index}.png`, blob: new Blob([`${index}`]) };
      }
    }
    await importFiles(ctx, files(), FOLDERS);
    expect(shownImages(ctx).slice(0, 2)).toEqual(['a/0.png (train-or-validation)', 'a/1.png (test)']);
    expect(await storedImages(ctx)).toEqual(shownImages(ctx));
  });

  test('is one step to undo, with its classes, and to do again', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped({ 'a/1.png': '1', 'b/2.png': '2' }), FOLDERS);
    undo(ctx);
    expect(ctx.store.getState().project?.dataset.classes).toEqual([]);
    expect(await storedImages(ctx)).toEqual([]);
    redo(ctx);
    expect(await storedImages(ctx)).toEqual(['a/1.png', 'b/2.png']);
  });

  test('that is cancelled keeps what is in', async () => {
    const ctx = await commandContext();
    async function* endless() {
      for (let index = 0; ; index += 1) {
        if (index === 100) cancelFirst(ctx, 'import');
        yield { path: `a/${index}.png`, blob: new Blob([`${index}`]) };
      }
    }
    await importFiles(ctx, endless(), FOLDERS);
    expect(importState(ctx)?.kind).toBe('cancelled');
    expect(shownImages(ctx).length).toBeGreaterThan(0);
    expect(await storedImages(ctx)).toEqual(shownImages(ctx));
  });

  test('into a class deleted meanwhile leaves nothing of it behind', async () => {
    const ctx = await commandContext();
    async function* files() {
      for (let index = 0; index < 96; index += 1) {
        yield { path: `${index < 64 ? 'a' : 'b'}/${index}.png`, blob: new Blob([`${index}`]) };
      }
      const first = ctx.store.getState().project?.dataset.classes[0];
      if (first !== undefined) deleteClass(ctx, first.id);
    }
    await importFiles(ctx, files(), FOLDERS);
    expect(await storedImages(ctx)).toEqual(shownImages(ctx));
    expect(shownImages(ctx).filter((image) => image.startsWith('undefined'))).toEqual([]);
  });

  test('on a full disk says so and keeps what was written', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped({ 'a/1.png': '1' }), FOLDERS);
    const full = { ...ctx.storage, images: { ...ctx.storage.images, addChunk: () => Promise.reject(diskFull()) } };
    await importFiles({ ...ctx, storage: full }, dropped({ 'a/2.png': '2' }), FOLDERS);
    expect(importState(ctx)).toMatchObject({ kind: 'failed', message: expect.stringMatching(/disk space.*kept/s) });
    expect(await storedImages(ctx)).toEqual(['a/1.png']);
  });
});

const diskFull = () => new CodedError('disk-full', 'made so');

test('another project opens with its own images, and coming back finds the first as it was', async () => {
  const ctx = await commandContext();
  await importFiles(ctx, dropped({ 'a/1.png': '1' }), FOLDERS);
  const firstId = ctx.store.getState().project?.id ?? '';
  await newProject(ctx, 'Other');
  expect(shownImages(ctx)).toEqual([]);
  expect(ctx.store.getState().undoDepth).toBe(0);
  await openProject(ctx, firstId);
  expect(shownImages(ctx)).toEqual(['a/1.png']);
});
