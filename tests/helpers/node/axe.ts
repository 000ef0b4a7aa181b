import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { expect } from 'vitest';
import { ready } from './steps.ts';
import { openStudio, type Studio } from './studio.ts';

/** The widths every screen is looked at, px. */
export const WIDTHS_PX = [1440, 390] as const;

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

/** Puts axe into the page; once after every load of it. */
export function loadAxe(page: Page): Promise<void> {
  return page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
}

/** A studio that is ready to be looked at by axe. */
export async function openStudioWithAxe(): Promise<Studio> {
  const studio = await openStudio();
  await ready(studio.page);
  await loadAxe(studio.page);
  return studio;
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
    const { violations: found } = await axe.run(document, {
      ...only,
      resultTypes: ['violations'],
      selectors: false,
      preload: false,
    });
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, rules);
}

/** Looks at what is open now, in light and dark, at every width. Needs `loadAxe`. */
export async function expectAccessible(page: Page, widthsPx: readonly number[] = WIDTHS_PX): Promise<void> {
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
