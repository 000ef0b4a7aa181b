import { describe, expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { deleteImages } from '../../../src/commands/edit-dataset.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import {
  deleteProject,
  dropUnused,
  duplicateProject,
  freeProjectName,
  newProject,
  openLastProject,
  openProject,
  renameProject,
} from '../../../src/commands/projects.ts';
import { CodedError } from '../../../src/domain/coded-error.ts';
import { commandContext, dropped, shownImages, storedImages } from './command-fixture.ts';

const FOLDERS = { classId: null };
const openName = (ctx: CommandContext) => ctx.store.getState().project?.name;
const openId = (ctx: CommandContext) => ctx.store.getState().project?.id ?? '';
const listed = (ctx: CommandContext) =>
  ctx.store
    .getState()
    .projects.map(({ name }) => name)
    .sort();
const noticeTitles = (ctx: CommandContext) => ctx.store.getState().notices.map(({ title }) => title);

async function contextWithImages(answers: Parameters<typeof commandContext>[0] = {}): Promise<CommandContext> {
  const ctx = await commandContext(answers);
  await importFiles(ctx, dropped({ 'a/1.png': '1', 'a/2.png': '2', 'b/3.png': '3' }), FOLDERS);
  return ctx;
}

describe('at the start', () => {
  test('the project of last time opens', async () => {
    const ctx = await commandContext();
    await newProject(ctx, 'Second');
    await openProject(ctx, ctx.store.getState().projects.find(({ name }) => name === 'Test')?.id ?? '');
    ctx.store.setState({ project: null });
    await openLastProject(ctx);
    expect(openName(ctx)).toBe('Test');
  });

  test('another one opens when that of last time is gone, and a first one is made when there is none', async () => {
    const ctx = await commandContext();
    const id = openId(ctx);
    await newProject(ctx, 'Second');
    await ctx.storage.projects.delete(openId(ctx));
    await openLastProject(ctx);
    expect(openId(ctx)).toBe(id);
    await ctx.storage.projects.delete(id);
    await openLastProject(ctx);
    expect(openName(ctx)).toBe('My project');
  });
});

describe('a project', () => {
  test('that is not there leaves the open one as it is and says so', async () => {
    const ctx = await contextWithImages();
    expect(await openProject(ctx, 'no such project')).toMatchObject({ kind: 'failed', code: 'project-missing' });
    expect(openName(ctx)).toBe('Test');
    expect(shownImages(ctx)).toHaveLength(3);
    expect(noticeTitles(ctx)).toHaveLength(1);
  });

  test('open in another tab too is opened with a warning', async () => {
    const ctx = await commandContext();
    const busy = { ...ctx.storage, claim: async () => ({ mine: false, release: () => undefined }) };
    await openProject({ ...ctx, storage: busy }, openId(ctx));
    expect(noticeTitles(ctx)).toEqual(['This project is open in another tab too.']);
  });

  test('with entries that cannot be read opens with the others and tells how many', async () => {
    const ctx = await contextWithImages();
    const id = openId(ctx);
    const load = async (projectId: string) => ({
      ...(await ctx.storage.projects.load(projectId)),
      droppedImageCount: 2,
    });
    const storage = { ...ctx.storage, projects: { ...ctx.storage.projects, load } };
    await openProject({ ...ctx, storage }, id);
    expect(noticeTitles(ctx)).toEqual(['2 entries of this project could not be read.']);
    expect(shownImages(ctx)).toHaveLength(3);
  });
});

test('a new project has a name of its own and nothing of the one before', async () => {
  const ctx = await contextWithImages();
  await newProject(ctx, 'Test');
  expect(openName(ctx)).toBe('Test 2');
  expect(shownImages(ctx)).toEqual([]);
  expect(ctx.store.getState()).toMatchObject({ undoDepth: 0, import: null, runs: [] });
  expect(freeProjectName(ctx, 'Test')).toBe('Test 3');
});

test('a new project that cannot be written leaves the open one', async () => {
  const ctx = await contextWithImages();
  const save = () => Promise.reject(new CodedError('disk-full', 'made so'));
  const storage = { ...ctx.storage, projects: { ...ctx.storage.projects, save } };
  await newProject({ ...ctx, storage }, 'Second');
  expect(openName(ctx)).toBe('Test');
  expect(listed(ctx)).toEqual(['Test']);
  expect(noticeTitles(ctx)[0]).toMatch(/disk|space/i);
});

test('a copy opens with the same images, and editing it leaves the original alone', async () => {
  const ctx = await contextWithImages();
  const originalId = openId(ctx);
  await duplicateProject(ctx, originalId);
  expect(openName(ctx)).toBe('Test copy');
  expect(shownImages(ctx)).toEqual(['a/1.png', 'a/2.png', 'b/3.png']);
  deleteImages(ctx, [...(ctx.store.getState().project?.dataset.images.keys() ?? [])]);
  expect(await storedImages(ctx)).toEqual([]);
  await openProject(ctx, originalId);
  expect(shownImages(ctx)).toHaveLength(3);
});

test('the open project and another one are renamed, and an empty name changes nothing', async () => {
  const ctx = await commandContext();
  const firstId = openId(ctx);
  await newProject(ctx, 'Second');
  await renameProject(ctx, firstId, '  First  ');
  await renameProject(ctx, openId(ctx), 'Now open');
  await renameProject(ctx, openId(ctx), '   ');
  expect(openName(ctx)).toBe('Now open');
  expect(listed(ctx)).toEqual(['First', 'Now open']);
  await ctx.session.writes;
  expect((await ctx.storage.projects.list()).map(({ name }) => name).sort()).toEqual(['First', 'Now open']);
});

describe('deleting', () => {
  test('the open project opens another one', async () => {
    const ctx = await contextWithImages({ forgetFeatures: async () => null });
    await newProject(ctx, 'Second');
    await deleteProject(ctx, openId(ctx));
    expect(openName(ctx)).toBe('Test');
    expect(listed(ctx)).toEqual(['Test']);
    expect(shownImages(ctx)).toHaveLength(3);
  });

  test('the only project makes an empty one', async () => {
    const ctx = await contextWithImages({ forgetFeatures: async () => null });
    await deleteProject(ctx, openId(ctx));
    expect(openName(ctx)).toBe('My project');
    expect(shownImages(ctx)).toEqual([]);
  });

  test('another project frees its originals, thumbnails and features, and leaves what both hold', async () => {
    const forgotten: string[] = [];
    const ctx = await contextWithImages({
      forgetFeatures: async ({ hashes }) => {
        forgotten.push(...hashes);
        return null;
      },
    });
    const firstId = openId(ctx);
    const first = [...(ctx.store.getState().project?.dataset.images.values() ?? [])];
    await newProject(ctx, 'Second');
    await importFiles(ctx, dropped({ 'c/1.png': '1' }), FOLDERS);
    await deleteProject(ctx, firstId);
    const [shared, ...lone] = first.map(({ hash }) => hash);
    expect(forgotten.sort()).toEqual(lone.sort());
    expect(await ctx.storage.originals.get(shared ?? '')).not.toBeNull();
    expect((await ctx.storage.originals.getMany(lone)).size).toBe(0);
    expect((await ctx.storage.thumbnails.getMany(lone)).size).toBe(0);
    expect(openName(ctx)).toBe('Second');
  });
});

test('what an edit removed is dropped at the next clean-up, and nothing in use', async () => {
  const forgotten: string[] = [];
  const ctx = await contextWithImages({
    forgetFeatures: async ({ hashes }) => {
      forgotten.push(...hashes);
      return null;
    },
  });
  const [first] = [...(ctx.store.getState().project?.dataset.images.values() ?? [])];
  deleteImages(ctx, [first?.id ?? '']);
  await ctx.session.writes;
  await dropUnused(ctx);
  expect(forgotten).toEqual([first?.hash]);
  expect((await ctx.storage.originals.getMany(await hashesShown(ctx))).size).toBe(2);
});

async function hashesShown(ctx: CommandContext): Promise<string[]> {
  return [...(ctx.store.getState().project?.dataset.images.values() ?? [])].map(({ hash }) => hash);
}
