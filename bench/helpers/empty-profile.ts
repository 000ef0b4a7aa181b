import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { CHROMIUM_ARGS, ensureChromium } from '../../scripts/chromium.ts';

/** A page in Chromium with an empty profile, that waits as long as it takes; `close` ends the browser and removes the profile. */
export async function openEmptyProfile(): Promise<{ page: Page; close: () => Promise<void> }> {
  const executablePath = ensureChromium();
  const profileDir = mkdtempSync(join(tmpdir(), 'graft-bench-'));
  const context = await chromium.launchPersistentContext(profileDir, {
    headless: true,
    args: CHROMIUM_ARGS,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  return {
    page,
    close: async () => {
      await context.close();
      rmSync(profileDir, { recursive: true, force: true });
    },
  };
}
