import { type Browser, chromium, type LaunchOptions } from 'playwright';
import { afterAll } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.ts';

const executablePath = findChromium();

/** How every Chromium of the journeys is started. It knows no other host than this machine, so no test waits for the world. */
export const LAUNCH: LaunchOptions = {
  headless: true,
  args: [...CHROMIUM_ARGS, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'],
  ...(executablePath === null ? {} : { executablePath }),
};

let browser: Promise<Browser> | null = null;

/**
 * The Chromium that the tests of a file share; started when it is first wanted. Its contexts know nothing of each other,
 * and what they keep is gone with them: a test of restarts wants a profile and a browser of its own.
 */
export function oneChromium(): Promise<Browser> {
  browser ??= chromium.launch(LAUNCH);
  return browser;
}

afterAll(async () => {
  await (await browser)?.close();
  browser = null;
});
