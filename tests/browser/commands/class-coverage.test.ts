import { describe, expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { createCommands } from '../../../src/commands/create-commands.ts';
import { createGraftApi } from '../../../src/commands/create-graft-api.ts';
import { deleteImages, moveImages, undo } from '../../../src/commands/edit-dataset.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { openProject } from '../../../src/commands/projects.ts';
import { trainedState } from '../../helpers/browser/sample-states.ts';
import { commandContext, dropped, TINY_OUTPUT } from './command-fixture.ts';

/** An engine whose model says the first class of everything, and images by folder. */
async function context(paths: readonly string[]): Promise<CommandContext> {
  const ctx = await commandContext({
    missingFeatures: async () => [],
    predictFromAverages: async ({ rows }) => new Int32Array(rows.parts.length),
    train: async () => TINY_OUTPUT,
    predict: async ({ hashes }) => Float32Array.from(hashes.flatMap(() => [0.75, 0.25])),
  });
  await importFiles(ctx, dropped(Object.fromEntries(paths.map((path) => [path, path]))), { classId: null });
  ctx.store.setState({ backbones: trainedState().backbones });
  return ctx;
}

const apiOf = (ctx: CommandContext) => createGraftApi(ctx, createCommands(ctx), Promise.resolve(), Promise.resolve());

const folder = (path: string, count: number) => Array.from({ length: count }, (_, index) => `${path}/${index}.png`);

const heldOutEdits = (ctx: CommandContext) => ctx.store.getState().project?.dataset.heldOutEdits;

describe('a class in the test folder alone', () => {
  const PATHS = [
    ...['cat', 'dog'].flatMap((name) => folder(`train/${name}`, 8)),
    ...['cat', 'dog', 'unknown'].flatMap((name) => folder(`test/${name}`, 4)),
  ];

  test('is left out of model and scores, and named', async () => {
    const ctx = await context(PATHS);
    const summary = await apiOf(ctx).train();
    expect(summary.untrainedClasses).toEqual(['unknown']);
    expect(summary.warnings).toEqual([expect.stringMatching(/^No image of “unknown” is in the training part/)]);
    const [run] = ctx.store.getState().runs;
    expect(run?.classes.map(({ name }) => name)).toEqual(['cat', 'dog']);
    expect(run?.partCounts.test).toBe(8);
    expect(summary.perClass.map(({ support }) => support)).toEqual([4, 4]);
    expect(summary.testAccuracyRatio).toBe(0.5);
    expect(await apiOf(ctx).evaluate()).toMatchObject({ macroClassCount: 2, untrainedClasses: ['unknown'] });
    expect(await ctx.storage.runs.list(run?.projectId ?? '')).toMatchObject([
      { leftOut: [{ name: 'unknown', imageCount: 4 }], classParts: run?.classParts },
    ]);
  });
});

test('names that differ only in case are told, and one call joins them', async () => {
  const ctx = await context([
    ...['Cat', 'Dog'].flatMap((name) => folder(`train/${name}`, 8)),
    ...['cat', 'dog'].flatMap((name) => [...folder(`valid/${name}`, 4), ...folder(`test/${name}`, 3)]),
  ]);
  const before = await apiOf(ctx).train();
  expect(before.untrainedClasses).toEqual(['cat', 'dog']);
  expect(before.warnings).toEqual([
    expect.stringMatching(/^No image of “cat” and “dog”/),
    expect.stringMatching(/^“cat” and “Cat” differ only in case/),
    expect.stringMatching(/^“dog” and “Dog” differ only in case/),
  ]);
  await apiOf(ctx).joinClasses(['Cat', 'cat']);
  await apiOf(ctx).joinClasses(['Dog', 'dog']);
  const after = await apiOf(ctx).train();
  expect(after.warnings).toEqual([]);
  expect(after.perClass.map(({ className, support }) => `${className} ${support}`)).toEqual(['Cat 3', 'Dog 3']);
  undo(ctx);
  undo(ctx);
  expect(ctx.store.getState().project?.dataset.classes).toHaveLength(4);
});

test('of two single photos both are learnt from, and the answer has no score', async () => {
  const ctx = await context(['a/1.png', 'b/2.png']);
  const summary = await apiOf(ctx).train();
  expect(summary).toMatchObject({ testAccuracyRatio: null, validationAccuracyRatio: null, untrainedClasses: [] });
  expect(ctx.store.getState().runs[0]?.partCounts).toEqual({ train: 2, validation: 0, test: 0 });
});

test('one, two and sixty photos: the classes that were not tested are named', async () => {
  const ctx = await commandContext({
    missingFeatures: async () => [],
    predictFromAverages: async ({ rows }) => Int32Array.from(rows.classIndices),
    train: async () => TINY_OUTPUT,
    // Right about the class of sixty.
    predict: async ({ hashes }) => Float32Array.from(hashes.flatMap(() => [0, 1, 0])),
  });
  const paths = [...folder('one', 1), ...folder('two', 2), ...folder('sixty', 60)];
  await importFiles(ctx, dropped(Object.fromEntries(paths.map((path) => [path, path]))), { classId: null });
  const summary = await apiOf(ctx).train();
  expect(summary.testAccuracyRatio).toBe(1);
  expect(summary.untestedClasses).toContain('one');
  expect(summary.warnings[0]).toMatch(/^Not tested: “one”/);
});

describe('test photos relabelled to what the model said', () => {
  const PATHS = ['a', 'b'].flatMap((name) => [...folder(`train/${name}`, 6), ...folder(`test/${name}`, 4)]);

  /** A project with a run that says "a" of everything, and the test images of class b. */
  async function afterRun() {
    const ctx = await context(PATHS);
    await apiOf(ctx).train();
    const { project } = ctx.store.getState();
    const [a, b] = project?.dataset.classes ?? [];
    const wrong = [...(project?.dataset.images.values() ?? [])]
      .filter(({ classId, lockedPart }) => classId === b?.id && lockedPart === 'test')
      .map(({ id }) => id);
    return { ctx, a: a?.id ?? '', b: b?.id ?? '', wrong };
  }

  test('mark the next score, stay with the project, and undo takes the mark back', async () => {
    const { ctx, a, wrong } = await afterRun();
    moveImages(ctx, wrong.slice(0, 2), a);
    deleteImages(ctx, wrong.slice(2, 3));
    expect(heldOutEdits(ctx)).toEqual({ relabelledCount: 2, deletedCount: 1 });
    const summary = await apiOf(ctx).train();
    expect(summary.heldOutEdits).toEqual({ relabelledCount: 2, deletedCount: 1 });
    expect(summary.warnings[0]).toMatch(/^2 test photos were relabelled .* 1 test photo was deleted/);
    expect((await apiOf(ctx).evaluate()).warnings).toEqual(summary.warnings);
    await ctx.session.writes;
    await openProject(ctx, ctx.store.getState().project?.id ?? '');
    expect(heldOutEdits(ctx)).toEqual({ relabelledCount: 2, deletedCount: 1 });
  });

  test('are no longer counted once they are undone', async () => {
    const { ctx, a, wrong } = await afterRun();
    moveImages(ctx, wrong.slice(0, 2), a);
    undo(ctx);
    expect(heldOutEdits(ctx)).toBeUndefined();
    expect((await apiOf(ctx).train()).warnings).toEqual([]);
  });

  test('other relabels mark nothing', async () => {
    const { ctx, a, b } = await afterRun();
    const images = [...(ctx.store.getState().project?.dataset.images.values() ?? [])];
    const idsOf = (classId: string, isTest: boolean) =>
      images.filter((item) => item.classId === classId && (item.lockedPart === 'test') === isTest).map(({ id }) => id);
    // Away from what the model said, training images, and right answers deleted.
    moveImages(ctx, idsOf(a, true).slice(0, 1), b);
    moveImages(ctx, idsOf(b, false).slice(0, 1), a);
    deleteImages(ctx, idsOf(a, true).slice(1, 2));
    expect(heldOutEdits(ctx)).toBeUndefined();
  });
});
