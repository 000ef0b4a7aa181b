import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TrainingSettings } from '../../src/domain/settings.ts';
import { drawnZip } from '../helpers/node/drawn-pictures.ts';
import { addZip, whenReady } from '../helpers/node/journey.ts';
import { startLongRun } from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const WIDTHS_PX = [1440, 390] as const;

interface AxeWindow {
  readonly axe: {
    run(
      where: Document,
      options: object,
    ): Promise<{
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
    }>;
  };
}

/** What axe finds wrong with the page as it stands, as "rule: element". Dark differs from light in colours only. */
async function violations(page: Page, rules: 'all' | 'colours'): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    // Colours in the middle of a change have no contrast to speak of.
    for (const animation of document.getAnimations()) {
      if (animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY) animation.finish();
    }
    const { axe } = globalThis as unknown as AxeWindow;
    // The hidden buttons around a popover lie outside its dialog, for readers that cannot press Escape.
    const rules = { region: { enabled: document.querySelector('[data-trigger]') === null } };
    const only = wanted === 'all' ? { rules } : { runOnly: ['color-contrast'] };
    const { violations: found } = await axe.run(document, { ...only, resultTypes: ['violations'] });
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, rules);
}

/** Looks at what is open now, in light and dark, wide and narrow. */
async function expectAccessible(page: Page, widthsPx: readonly number[] = WIDTHS_PX): Promise<void> {
  const found: string[] = [];
  for (const width of widthsPx) {
    await page.setViewportSize({ width, height: 1000 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const wrong = await violations(page, colorScheme === 'light' ? 'all' : 'colours');
      found.push(...wrong.map((text) => `${width} px, ${colorScheme}: ${text}`));
    }
  }
  expect(found).toEqual([]);
}

describe('no screen has an accessibility fault, in light or dark, wide or narrow', () => {
  let studio: Studio;
  let page: Page;
  beforeAll(async () => {
    studio = await openStudio();
    page = studio.page;
    await whenReady(page);
    await page.evaluate(AXE);
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
    await page.getByRole('button', { name: 'Try with sample images' }).click();
    await page.getByRole('progressbar', { name: 'Adding images' }).waitFor();
    await expectAccessible(page, [1440]);
    await page.getByRole('button', { name: /^Project / }).click();
    await page.getByRole('menuitem', { name: 'New project' }).click();
    await page.getByRole('button', { name: 'Try with sample images' }).waitFor();
  });

  test('classes with images, some of them selected', async () => {
    await addZip(page, await drawnZip(['circles', 'squares', 'triangles'], 12));
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
    await page.getByRole('progressbar', { name: 'Training' }).waitFor();
    await expectAccessible(page);
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
      learningRate: 10,
      optimizer: 'sgd',
      l2: 1,
    } satisfies Partial<TrainingSettings>);
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
  });
});
