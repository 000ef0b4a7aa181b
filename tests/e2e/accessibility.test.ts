import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TrainingSettings } from '../../src/domain/settings.ts';
import { expectAccessible, openStudioWithAxe, WIDTHS_PX } from '../helpers/node/axe.ts';
import { drawnZip } from '../helpers/node/drawn-pictures.ts';
import { holdEngine } from '../helpers/node/held-engine.ts';
import { importEnded, pickZip, startLongRun } from '../helpers/node/steps.ts';
import type { Studio } from '../helpers/node/studio.ts';

describe('no screen has an accessibility fault, in light or dark, wide or narrow', () => {
  let studio: Studio;
  let page: Page;
  beforeAll(async () => {
    studio = await openStudioWithAxe();
    page = studio.page;
  });
  afterAll(() => studio.close());
  beforeEach(async () => {
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1440, height: 1000 });
  });

  const openTab = async (name: string) => {
    await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    await page.getByRole('tab', { name: new RegExp(`^${name}`), selected: true }).waitFor();
  };

  test('the empty page', () => expectAccessible(page));

  test('images being added', async () => {
    const goOn = await holdEngine(page);
    await page.getByRole('button', { name: 'Try with sample images' }).click();
    const progress = page.getByRole('progressbar', { name: 'Adding images' });
    await progress.waitFor();
    await expectAccessible(page, [1440]);
    expect(await progress.isVisible()).toBe(true);
    await goOn();
    await page.getByRole('button', { name: /^Project / }).click();
    await page.getByRole('menuitem', { name: 'New project' }).click();
    await page.getByRole('button', { name: 'Try with sample images' }).waitFor();
  });

  test('classes with images, some of them selected', async () => {
    await pickZip(page, await drawnZip(['circles', 'squares', 'triangles'], 8));
    await importEnded(page);
    await page.getByRole('option', { name: 'circles-1.png' }).click();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  });

  test('all settings', async () => {
    for (const title of ['Advanced', 'Data split and images']) await page.getByRole('button', { name: title }).click();
    await expectAccessible(page);
    for (const title of ['Advanced', 'Data split and images']) await page.getByRole('button', { name: title }).click();
  });

  test('a run under way', async () => {
    await startLongRun(page);
    const progress = page.getByRole('progressbar', { name: 'Training' });
    await progress.waitFor();
    await expectAccessible(page);
    expect(await progress.isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('region', { name: 'Current model' }).waitFor();
  });

  test('the curves of a run', async () => {
    await openTab('Live');
    await page.getByRole('figure', { name: 'Loss' }).waitFor();
    await expectAccessible(page);
  });

  test('results and the images of a cell', async () => {
    await openTab('Results');
    await expectAccessible(page);
    await page.locator('[data-cell="0-0"]').click();
    await page.getByRole('region', { name: /recognised/ }).waitFor();
    await expectAccessible(page);
  });

  test('mistakes', async () => {
    await openTab('Mistakes');
    await expectAccessible(page);
  });

  test('runs', async () => {
    await openTab('Runs');
    await page.getByRole('table', { name: 'Runs of this project' }).waitFor();
    await expectAccessible(page);
  });

  test('networks to compare, and what came of it', async () => {
    await openTab('Compare');
    await page.getByRole('region', { name: 'What to compare' }).waitFor();
    await expectAccessible(page);
    await page.evaluate(() => graft.compareBackbones(undefined, { baselines: false }));
    await page.getByRole('table', { name: 'Networks compared on these photos' }).waitFor();
    await expectAccessible(page);
  });

  test('the projects window', async () => {
    await page.getByRole('button', { name: /^Project / }).click();
    await page.getByRole('menuitem', { name: /^Open project/ }).click();
    await page.getByRole('dialog', { name: 'Projects' }).waitFor();
    await expectAccessible(page);
  });

  test.for(['Device', 'Backbone'])('what the chip opens: %s', async (name) => {
    for (const width of WIDTHS_PX) {
      await page.setViewportSize({ width, height: 1000 });
      await page.getByRole('button', { name: new RegExp(`^${name}: `) }).click();
      await page.getByRole('dialog', { name }).waitFor();
      await expectAccessible(page, [width]);
      await page.keyboard.press('Escape');
    }
  });

  test('a run that failed', async () => {
    await page.evaluate((settings) => graft.train(settings).catch(() => undefined), {
      head: 'network',
      learningRate: 10,
      optimizer: 'sgd',
      l2: 1,
    } satisfies Partial<TrainingSettings>);
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
  });
});
