import type { Page, Worker } from 'playwright';

/** An address that nothing answers until the engine may go on. */
const HELD = '/held-by-a-test';

/** The name `src/main.tsx` starts the engine under. */
const NAME = 'graft-engine';

/** One after another: the threads of wasm, which come later, never answer. */
async function engineOf(page: Page): Promise<Worker> {
  for (const worker of page.workers()) {
    if ((await worker.evaluate('globalThis.name')) === NAME) return worker;
  }
  throw new Error('The page has no engine.');
}

/**
 * Makes the engine stand still in the middle of whatever it does, so that what the page shows of it stays as it is
 * while it is looked at. The engine waits for an answer from the network, which takes no processor time.
 * Needs a studio without a service worker.
 * @returns lets it go on.
 */
export async function holdEngine(page: Page): Promise<() => Promise<void>> {
  const engine = await engineOf(page);
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const asked = page.waitForRequest(`**${HELD}`);
  await page.route(`**${HELD}`, async (route) => {
    await released;
    await route.fulfill({ body: '' });
  });
  const standing = engine.evaluate((address) => {
    const request = new XMLHttpRequest();
    request.open('GET', address, false);
    request.send();
  }, new URL(HELD, page.url()).href);
  await Promise.race([asked, standing]);
  return async () => {
    release();
    await standing;
    await page.unroute(`**${HELD}`);
  };
}
