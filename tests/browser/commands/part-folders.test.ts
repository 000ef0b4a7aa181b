import { describe, expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { createCommands } from '../../../src/commands/create-commands.ts';
import { createGraftApi } from '../../../src/commands/create-graft-api.ts';
import { lockImages, undo } from '../../../src/commands/edit-dataset.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { planRun } from '../../../src/commands/start-training.ts';
import { countParts } from '../../../src/domain/count-parts.ts';
import { backboneReport } from '../../helpers/browser/backbone-report.ts';
import { type Packed, zipOf } from '../files/zip-fixture.ts';
import { commandContext, dropped, shownImages, storedImages } from './command-fixture.ts';

const FOLDERS = { classId: null };

function openProject(ctx: CommandContext) {
  const { project } = ctx.store.getState();
  if (project === null) throw new Error('no project');
  return project;
}

const partsOf = (ctx: CommandContext) => {
  const { dataset, split } = openProject(ctx);
  const { train, validation, test: heldOut } = countParts(dataset, split);
  return { train, validation, test: heldOut };
};

const classNames = (ctx: CommandContext) => openProject(ctx).dataset.classes.map(({ name }) => name);

/** `part/class/number.png -> content`; the content is the path, but for copies. */
function folder(
  part: string,
  className: string,
  count: number,
  contentOf = (path: string) => path,
): [string, string][] {
  return Array.from({ length: count }, (_, index) => {
    const path = `set/${part}/${className}/${index}.png`;
    return [path, contentOf(path)];
  });
}

/** Three of the test pictures of class a are in train/, too. */
const LEAKING: readonly [string, string][] = [
  ...folder('train', 'a', 9),
  ...folder('train', 'b', 9),
  ...folder('val', 'a', 2),
  ...folder('val', 'b', 2),
  ...folder('test', 'a', 3, (path) => path.replace('/test/', '/train/')),
  ...folder('test', 'b', 3),
];

const inOrder = (entries: readonly [string, string][], firstPart: string) =>
  entries.toSorted(([one], [other]) => Number(other.includes(firstPart)) - Number(one.includes(firstPart)));

describe('photos in train/ and test/ at once', () => {
  test.each(['/train/', '/test/'])('are held out and told, with %s first', async (first) => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped(Object.fromEntries(inOrder(LEAKING, first))), FOLDERS);
    expect(partsOf(ctx)).toEqual({ train: 15, validation: 4, test: 6 });
    expect(ctx.store.getState().import).toMatchObject({
      duplicateCount: 3,
      overlaps: [{ keptIn: 'test', alsoIn: 'train', photoCount: 3 }],
    });
    expect(await storedImages(ctx)).toEqual(shownImages(ctx));
  });

  test('are named in the answer of a script, also out of a zip', async () => {
    const ctx = await commandContext();
    const entries = inOrder(LEAKING, '/test/').map(([path, text]): Packed => ({ path, text }));
    const graft = createGraftApi(ctx, createCommands(ctx), Promise.resolve(), Promise.resolve());
    const summary = await graft.importFiles(new File([await zipOf(entries)], 'leak.zip', { type: 'application/zip' }));
    expect(summary.overlaps).toEqual([{ keptIn: 'test', alsoIn: 'train', photoCount: 3 }]);
    expect(partsOf(ctx)).toEqual({ train: 15, validation: 4, test: 6 });
  });

  test.each([
    ['train first', 'train', 'test'],
    ['test first', 'test', 'train'],
  ])('are held out when they come in two imports, %s', async (_, first, second) => {
    const ctx = await commandContext();
    const others = [...folder('train', 'a', 6), ...folder('train', 'b', 6), ...folder('test', 'b', 3)];
    await importFiles(ctx, dropped(Object.fromEntries([...others, [`x/${first}/a/copy.png`, 'same']])), FOLDERS);
    await importFiles(ctx, dropped(Object.fromEntries([...others, [`x/${second}/a/copy.png`, 'same']])), FOLDERS);
    expect(shownImages(ctx)).toContain('a/copy.png (test)');
    expect(ctx.store.getState().import?.overlaps).toEqual([{ keptIn: 'test', alsoIn: 'train', photoCount: 1 }]);
    expect(partsOf(ctx).test).toBe(4);
  });

  test('are held out with their copy in another class', async () => {
    const ctx = await commandContext();
    const files = { 'train/a/1.png': 'same', 'train/a/2.png': '2', 'train/b/3.png': '3', 'test/b/4.png': 'same' };
    await importFiles(ctx, dropped(files), FOLDERS);
    expect(shownImages(ctx)).toEqual([
      'a/1.png (test)',
      'a/2.png (train-or-validation)',
      'b/3.png (train-or-validation)',
      'b/4.png (test)',
    ]);
    expect(ctx.store.getState().import).toMatchObject({ conflictCount: 1, overlaps: [{ photoCount: 1 }] });
  });

  test('go from validation to test, from train to validation', async () => {
    const ctx = await commandContext();
    const files = {
      'train/a/1.png': 'one',
      'val/a/1.png': 'one',
      'val/a/2.png': 'two',
      'test/a/2.png': 'two',
      'train/b/3.png': '3',
    };
    await importFiles(ctx, dropped(files), FOLDERS);
    expect(shownImages(ctx)).toEqual(['a/1.png (validation)', 'a/2.png (test)', 'b/3.png (train)']);
  });
});

describe('train/ and test/ without a validation folder', () => {
  const GIVEN = Object.fromEntries([
    ...['apple', 'lime'].flatMap((name) => folder('train', name, 10)),
    ...['apple', 'lime'].flatMap((name) => folder('test', name, 4)),
  ]);

  test('give a validation part out of the training images', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped(GIVEN), FOLDERS);
    const { train, validation, test: heldOut } = partsOf(ctx);
    expect(heldOut).toBe(8);
    expect(validation).toBeGreaterThanOrEqual(2);
    expect(train + validation).toBe(20);
    const plan = planRun(ctx, { project: openProject(ctx), backbone: backboneReport() }, new Set(), 'head');
    expect(plan.rows.parts.filter((part) => part === 'validation')).toHaveLength(validation);
    const { notices } = ctx.store.getState();
    expect(notices[0]?.detail).toMatch(/^20 train, 8 test\. There is no validation folder: .* share under Data split/);
  });

  test('let the share be changed, and leave the test part alone', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped(GIVEN), FOLDERS);
    const before = partsOf(ctx);
    createCommands(ctx).changeSplit({ trainRatio: 0.4, validationRatio: 0.45, testRatio: 0.15, seed: 42 });
    expect(partsOf(ctx).validation).toBeGreaterThan(before.validation);
    expect(partsOf(ctx).test).toBe(8);
    await ctx.session.writes;
    expect(await storedImages(ctx)).toEqual(shownImages(ctx));
  });

  test('are understood when one comes after the other, and a later val/ is kept', async () => {
    const ctx = await commandContext();
    const only = (part: string) =>
      dropped(Object.fromEntries(Object.entries(GIVEN).filter(([path]) => path.includes(`/${part}/`))));
    await importFiles(ctx, only('train'), FOLDERS);
    expect(shownImages(ctx).some((image) => image.endsWith(')'))).toBe(false);
    await importFiles(ctx, only('test'), FOLDERS);
    expect(partsOf(ctx).test).toBe(8);
    expect(partsOf(ctx).validation).toBeGreaterThan(0);
    await importFiles(ctx, dropped(Object.fromEntries(folder('val', 'apple', 3))), FOLDERS);
    expect(partsOf(ctx)).toEqual({ train: 20, validation: 3, test: 8 });
    undo(ctx);
    expect(partsOf(ctx).train).toBeLessThan(20);
  });
});

test('train/ and val/ alone deal out no test part and say so', async () => {
  const ctx = await commandContext();
  const files = Object.fromEntries([...folder('train', 'a', 5), ...folder('train', 'b', 5), ...folder('val', 'a', 2)]);
  await importFiles(ctx, dropped(files), FOLDERS);
  expect(partsOf(ctx)).toEqual({ train: 10, validation: 2, test: 0 });
  expect(ctx.store.getState().notices[0]?.detail).toMatch(/There is no test folder: the score is of the validation/);
});

test('a train/ folder alone locks nothing, nor moves images locked before', async () => {
  const ctx = await commandContext();
  await importFiles(ctx, dropped({ 'a/1.png': '1', 'b/2.png': '2' }), FOLDERS);
  lockImages(ctx, [...openProject(ctx).dataset.images.keys()], 'train-or-validation');
  await importFiles(ctx, dropped({ 'train/a/3.png': '3', 'train/b/4.png': '4' }), FOLDERS);
  expect(shownImages(ctx)).toEqual([
    'a/1.png (train-or-validation)',
    'b/2.png (train-or-validation)',
    'a/3.png',
    'b/4.png',
  ]);
});

describe('the order of classes', () => {
  const FILES = ['10/a.png', '9/b.png', '1/c.png', 'Zebra/d.png', 'ape/e.png'];

  test.each([0, 1, 2, 3, 4])('is by name, whatever the order of the files: turned by %i', async (turn) => {
    const ctx = await commandContext();
    const turned = [...FILES.slice(turn), ...FILES.slice(0, turn)];
    await importFiles(ctx, dropped(Object.fromEntries(turned.map((path) => [`x/${path}`, path]))), FOLDERS);
    expect(classNames(ctx)).toEqual(['1', '9', '10', 'ape', 'Zebra']);
    expect(openProject(ctx).dataset.classes.map(({ colorIndex }) => colorIndex)).toEqual([0, 1, 2, 3, 4]);
    undo(ctx);
    expect(classNames(ctx)).toEqual([]);
  });

  test('leaves classes that were there where they are', async () => {
    const ctx = await commandContext();
    await importFiles(ctx, dropped({ 'x/m.png': 'm' }), FOLDERS);
    await importFiles(ctx, dropped({ 'c/1.png': '1', 'x/2.png': '2', 'b/3.png': '3' }), FOLDERS);
    expect(classNames(ctx)).toEqual(['x', 'b', 'c']);
  });
});
