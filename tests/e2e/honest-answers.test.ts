import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newProject, ready } from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

/** Folders of photos that once got a wrong answer; not part of this checkout. */
const CASES = resolve('../shared/cases');
const areHere = existsSync(CASES);
if (!areHere) console.warn('No cases beside the checkout (../shared/cases): these answers are not asked for.');

let studio: Studio;
beforeAll(async () => {
  if (areHere) studio = await openStudio();
});
afterAll(async () => {
  if (areHere) await studio.close();
});

/** Imports a case into a project of its own. @returns the answer of the import. */
async function importCase(path: string) {
  const { page } = studio;
  await ready(page);
  await newProject(page);
  const base64 = readFileSync(join(CASES, path)).toString('base64');
  return await page.evaluate(
    async ([bytes, name]) => {
      const blob = await (await fetch(`data:application/zip;base64,${bytes}`)).blob();
      return await graft.importFiles(new File([blob], name, { type: 'application/zip' }));
    },
    [base64, path.replace(/.*\//, '')] as const,
  );
}

/** What a call of the page's own door rejects with. */
const refusal = () =>
  studio.page.evaluate(() =>
    graft.train().then(
      () => 'trained',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),
  );

describe.runIf(areHere)('an honest answer', () => {
  test('frames of one burst are no test of each other', async () => {
    expect((await importCase('f02-burst-leakage/bursts.zip')).addedCount).toBe(80);
    const { groups, testAccuracyInterval } = await studio.page.evaluate(() => graft.train());
    expect(groups).toMatchObject({ groupCount: 8, groupedImageCount: 80, straddlingCount: 0 });
    expect(testAccuracyInterval?.low).toBeLessThan(0.5);
  });

  test('a class without a training image is left out and named', async () => {
    await importCase('f03-unlearnable-class/L_testonlyclass.zip');
    const { untrainedClasses, perClass, warnings } = await studio.page.evaluate(() => graft.train());
    expect(untrainedClasses).toEqual(['unknown']);
    expect(perClass.map(({ className }) => className)).toEqual(['cat', 'dog']);
    expect(warnings.join(' ')).toContain('unknown');
  });

  test('names that differ in case alone are told and can be joined', async () => {
    await importCase('f03-unlearnable-class/L_splitcase.zip');
    const { warnings } = await studio.page.evaluate(() => graft.train());
    expect(warnings.join(' ')).toMatch(/differ only in case/);
    const { classes } = await studio.page.evaluate(() => graft.joinClasses(['Cat', 'cat']));
    expect(classes.filter(({ name }) => name.toLowerCase() === 'cat')).toHaveLength(1);
  });

  test('one class alone is refused in the words of the page', async () => {
    await importCase('f04-single-class-api/L_one.zip');
    const words = 'Only one class has images. Add images to a second class.';
    expect(await refusal()).toBe(words);
    expect(await studio.page.getByText(words).first().isVisible()).toBe(true);
  });

  test('folders without a validation part get one out of the training images', async () => {
    await importCase('f17-no-validation-dead-end/train-test.zip');
    const { triedCount, run } = await studio.page.evaluate(async () => {
      const trained = await graft.train({ head: 'network', epochs: 3 });
      const search = await graft.search({ over: { learningRate: [0.001, 0.01] }, method: 'grid' });
      return { triedCount: search.triedCount, run: trained };
    });
    expect(triedCount).toBe(2);
    expect(run.validationAccuracyRatio).not.toBeNull();
    expect(run.perClass.reduce((sum, { support }) => sum + support, 0)).toBe(8);
  });

  test.for(['train-first', 'test-first'])('a copy in both parts is held out, in the order %s', async (order) => {
    const { overlaps } = await importCase(`f18-leak-order/${order}.zip`);
    expect(overlaps.reduce((sum, { photoCount }) => sum + photoCount, 0)).toBe(3);
    const { perClass } = await studio.page.evaluate(() => graft.train());
    expect(perClass.map(({ className, support }) => [className, support])).toEqual([
      ['a', 3],
      ['b', 3],
    ]);
  });
});
