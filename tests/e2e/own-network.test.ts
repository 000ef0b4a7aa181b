import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawnZip } from '../helpers/node/drawn-pictures.ts';
import { addZip, pickFiles, whenReady } from '../helpers/node/journey.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const NETWORK = 'tests/fixtures/keras/functional-keras3.h5';

let studio: Studio;
let page: Page;
beforeAll(async () => {
  studio = await openStudio();
  page = studio.page;
  await whenReady(page);
  await page.evaluate(AXE);
});
afterAll(() => studio.close());

interface AxeWindow {
  readonly axe: {
    run(where: Document): Promise<{
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
    }>;
  };
}

/** Faults of the page as it stands, in light and dark. */
async function faults(): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const wrong = await page.evaluate(async () => {
      // Colours in the middle of a change have no contrast to speak of.
      for (const animation of document.getAnimations()) {
        if (animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY) animation.finish();
      }
      const { violations } = await (globalThis as unknown as AxeWindow).axe.run(document);
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
    });
    found.push(...wrong.map((text) => `${colorScheme}: ${text}`));
  }
  return found;
}

test('a network of one’s own is chosen, used and trained on, and a reload finds it in use', async () => {
  await page.getByRole('button', { name: /^Backbone: / }).click();
  await page.getByRole('dialog', { name: 'Backbone' }).waitFor();
  expect(await faults()).toEqual([]);

  const choose = page.getByRole('button', { name: 'Choose files of your own network' });
  const mimeType = 'application/octet-stream';
  await pickFiles(page, () => choose.click(), { name: 'shapes.h5', mimeType, buffer: readFileSync(NETWORK) });
  const found = page.getByRole('dialog', { name: 'Your network' });
  await found.getByRole('button', { name: 'Use this network' }).waitFor();
  expect(await faults()).toEqual([]);
  await found.getByRole('textbox', { name: 'Name' }).fill('Shapes');
  await found.getByRole('button', { name: 'Use this network' }).click();
  await found.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Backbone: Shapes/ }).waitFor();

  await addZip(page, await drawnZip(['circles', 'squares'], 8));
  await page.evaluate(() => graft.train({ epochs: 3 }));
  await page.reload();
  await whenReady(page);
  await page.getByRole('button', { name: /^Backbone: Shapes/ }).waitFor();
  expect((await page.evaluate(() => graft.project())).backboneId).toMatch(/^own-/);
  await page.getByRole('region', { name: 'Current model' }).getByText('Shapes').waitFor();
  expect(studio.problems).toEqual([]);
});
