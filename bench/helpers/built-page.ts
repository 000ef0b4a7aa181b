import { resolve } from 'node:path';
import type { Page } from 'playwright';
import { preview } from 'vite';
import { buildWhenStale } from '../../scripts/build-when-stale.ts';
import { prepare } from '../../scripts/prepare.ts';
import { openEmptyProfile } from './empty-profile.ts';

/** Serves the built page, opens it in Chromium with an empty profile, runs `work`, and cleans up. */
export async function withBuiltPage(
  options: { readonly backend: string; readonly backbonesDir: string | null },
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const root = process.cwd();
  if (options.backbonesDir !== null) process.env.GRAFT_BACKBONES = resolve(options.backbonesDir);
  await prepare(root);
  await buildWhenStale(root);
  const server = await preview({ root, preview: { port: 4400, strictPort: false }, logLevel: 'warn' });
  const { page, close } = await openEmptyProfile();
  try {
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}?backend=${options.backend}`);
    await page.waitForFunction(() => typeof graft === 'object');
    await page.evaluate(() => graft.ready());
    await work(page);
  } finally {
    await close();
    await server.close();
  }
}

/** Hands files to the page as a user would pick them, then imports them through `window.graft`. */
export async function importZip(page: Page, zipFile: string): Promise<{ addedCount: number; seconds: number }> {
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'bench-files';
    document.body.append(input);
  });
  await page.setInputFiles('#bench-files', zipFile);
  return await page.evaluate(async () => {
    const input = document.querySelector('#bench-files');
    if (!(input instanceof HTMLInputElement)) throw new Error('the input of the benchmark is gone');
    const summary = await graft.importFiles([...(input.files ?? [])]);
    input.remove();
    return { addedCount: summary.addedCount, seconds: summary.seconds };
  });
}
