import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, openStudioWithAxe } from '../helpers/node/axe.ts';
import { drawnZip } from '../helpers/node/drawn-pictures.ts';
import { importEnded, pickZip, ready } from '../helpers/node/steps.ts';
import type { Studio } from '../helpers/node/studio.ts';

describe('settings are tried under Tune', () => {
  let studio: Studio;
  let page: Page;
  beforeAll(async () => {
    studio = await openStudioWithAxe();
    page = studio.page;
  });
  afterAll(() => studio.close());

  const settings = () => page.evaluate(() => graft.project().then((project) => project.settings));
  const tried = () => page.getByRole('table', { name: 'Settings tried' }).getByRole('row');

  test('the tab says what it is for while there is nothing to try on', async () => {
    await page.getByRole('tab', { name: 'Tune' }).click();
    await page.getByText('Which settings suit these photos?').waitFor();
  });

  test('a search of four ends with a table of them and one test of the best', async () => {
    await pickZip(page, await drawnZip(['circles', 'squares', 'triangles'], 20));
    await importEnded(page);
    await page.getByRole('checkbox', { name: 'Dropout' }).uncheck();
    await page.getByRole('textbox', { name: 'Most tries' }).fill('4');
    await page.getByRole('button', { name: 'Start a search' }).click();
    await page.getByText(/The test images were touched once, at the end/).waitFor({ timeout: 180_000 });
    expect(await tried().count()).toBe(1 + 4);
    expect(await page.getByRole('tab', { name: 'Tune', selected: true }).count()).toBe(1);
    expect(await page.evaluate(() => graft.project().then(({ runs }) => runs.length))).toBe(1);
  });

  test('the settings of a row go into the form', async () => {
    const before = await settings();
    await page.getByRole('button', { name: 'Use these settings: 1', exact: true }).click();
    await page.getByRole('button', { name: 'In the form: settings 1' }).waitFor();
    const after = await settings();
    expect(after).toMatchObject({ epochs: before.epochs, dropout: before.dropout });
    expect(after.learningRate).not.toBe(before.learningRate);
    const field = page.getByRole('textbox', { name: 'Learning rate' });
    expect(Number(await field.inputValue())).toBe(after.learningRate);
  });

  test('a rate is suggested and taken over', async () => {
    await page.getByRole('button', { name: 'Find a learning rate' }).click();
    const use = page.getByRole('button', { name: /^Use this rate/ });
    await use.click({ timeout: 120_000 });
    await page.getByRole('button', { name: /is in the form$/ }).waitFor();
    expect((await settings()).learningRate).toBeGreaterThan(0);
  });

  test('the learning curve says what more images would bring', async () => {
    await page.getByRole('button', { name: 'Draw the learning curve' }).click();
    await page
      .getByText(/too few to say what 100 more training images would bring/)
      .first()
      .waitFor({ timeout: 180_000 });
    await page.getByRole('figure', { name: /^Accuracy by training images/ }).waitFor();
  });

  test('none of it has an accessibility fault', async () => {
    await page.getByRole('button', { name: 'What to search' }).click();
    await expectAccessible(page);
  });

  test('after a reload the search is still there', async () => {
    await page.reload();
    await ready(page);
    await page.getByRole('tab', { name: 'Tune' }).click();
    await tried().nth(4).waitFor();
    expect(await page.getByRole('button', { name: 'Go on with this search' }).count()).toBe(0);
  });

  test('and the page logged no error in all of it', () => expect(studio.problems).toEqual([]));
});
