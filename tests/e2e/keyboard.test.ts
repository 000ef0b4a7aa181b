import type { Locator, Page } from 'playwright';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drawnPictures } from '../helpers/node/drawn-pictures.ts';
import { headline, pickFiles, ready } from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

/** More stops than the page has; a place not reached by then cannot be reached. */
const MOST_STOPS = 150;

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.close());

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    const isThere = (found: Element[]) => found.length === 1 && found[0] === document.activeElement;
    if (await target.evaluateAll(isThere)) return;
    await page.keyboard.press('Tab');
  }
  expect.fail(`The Tab key never reaches ${target}.`);
}

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const classCard = (page: Page, name: string) => page.getByRole('article', { name: `Class ${name}` });

async function addNamedClass(page: Page, newName: string, name: string): Promise<void> {
  await press(page, button(page, 'Add a class'));
  await tabTo(page, page.getByRole('textbox', { name: `Name of class ${newName}` }));
  await page.keyboard.press('Control+A');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await classCard(page, name).waitFor();
}

test('everything from an empty page to a downloaded model is done by keyboard', async () => {
  const { page } = studio;
  await ready(page);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the results');

  await addNamedClass(page, 'Class 1', 'circles');
  await addNamedClass(page, 'Class 2', 'squares');
  for (const shape of ['circles', 'squares'] as const) {
    await pickFiles(page, () => press(page, button(page, `Add images to ${shape}`)), drawnPictures(shape, 12));
    await classCard(page, shape).getByText('12 images').waitFor();
  }

  await tabTo(page, page.getByRole('listbox', { name: 'Images of circles' }));
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowRight');
  await press(page, button(page, 'Move to…'));
  await page.getByRole('menu').waitFor();
  await page.keyboard.type('squares');
  await page.keyboard.press('Enter');
  await classCard(page, 'squares').getByText('14 images').waitFor();
  await page.keyboard.press('Control+Z');
  await classCard(page, 'circles').getByText('12 images').waitFor();

  await tabTo(page, page.getByLabel('Head', { exact: true }));
  await page.keyboard.press('Enter');
  await page.getByRole('listbox', { name: 'Head' }).waitFor();
  await page.keyboard.type('Network');
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('textbox', { name: 'Epochs' }));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('12');
  await page.keyboard.press('Tab');
  expect((await page.evaluate(() => graft.project())).settings.epochs).toBe(12);

  await press(page, button(page, 'Train'));
  await headline(page);

  await tabTo(page, page.getByRole('tab', { selected: true, name: /Live|Results/ }));
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tab', { name: 'Results', selected: true }).waitFor();
  await tabTo(page, page.locator('[data-cell="0-0"]'));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const gallery = page.getByRole('region', { name: 'squares, recognised (test)' });
  await gallery.waitFor();
  expect(await gallery.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await press(page, gallery.getByRole('button', { name: 'Close' }));
  await gallery.waitFor({ state: 'detached' });

  const download = page.waitForEvent('download');
  await press(page, button(page, 'Download model'));
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);
  expect(studio.problems).toEqual([]);
});
