import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.ts';
import { serviceWorker } from '../../scripts/vite/offline-precache.ts';
import { PlainHost } from '../helpers/node/plain-host.ts';

const FOLDER = '/some/where/';

/** A built page in miniature: it shows its version, and one asset's name changes with it. */
class MiniatureBuild {
  readonly dir = mkdtempSync(join(tmpdir(), 'graft-host-'));

  write(path: string, content: string): void {
    const file = join(this.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  remove(path: string): void {
    rmSync(join(this.dir, path), { recursive: true });
  }

  build(version: string): void {
    this.write(
      'index.html',
      `<!doctype html><title>${version}</title><script type="module" src="assets/app-${version}.js"></script>
       <script>navigator.serviceWorker.register('service-worker.js', { updateViaCache: 'none' })</script>`,
    );
    this.write(`assets/app-${version}.js`, `document.documentElement.dataset.version = '${version}'`);
    this.write('service-worker.js', serviceWorker(this.dir));
  }
}

async function visit(context: BrowserContext, url: string, version: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector(`html[data-version="${version}"]`, { state: 'attached' });
  return page;
}

const executablePath = findChromium();
const LAUNCH = { args: CHROMIUM_ARGS, ...(executablePath === null ? {} : { executablePath }) };
const POLL = { timeout: 20_000, interval: 300 };

/** Runs in the page. */
async function pathsOfBuiltCopies(): Promise<string[]> {
  const names = (await caches.keys()).filter((name) => name.startsWith('graft-built'));
  const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return requests
    .flat()
    .map((request) => new URL(request.url).pathname)
    .sort();
}

const ready = (page: Page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
const textOf = (page: Page, path: string) =>
  page.evaluate((address) => fetch(address).then((response) => response.text()), path);

describe('the service worker', () => {
  let browser: Browser;
  let context: BrowserContext;
  let files: MiniatureBuild;
  let host: PlainHost;

  beforeAll(async () => {
    browser = await chromium.launch(LAUNCH);
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    context = await browser.newContext();
    files = new MiniatureBuild();
    files.write('backbones/index.json', '{"bundled":[]}');
    files.build('one');
    host = new PlainHost(files.dir, FOLDER);
    await host.listen();
  });
  afterEach(async () => {
    await context.close();
    host.close();
    files.remove('.');
  });

  test('opens the page without a network after the first visit, from a sub-folder and with a query', async () => {
    const first = await visit(context, host.url, 'one');
    await ready(first);
    await first.close();
    host.plugged = false;
    const page = await visit(context, `${host.url}?backend=wasm`, 'one');
    expect(await textOf(page, 'backbones/index.json')).toBe('{"bundled":[]}');
  });

  test('isolates the page on a host that cannot send the headers, from the second load on', async () => {
    const page = await visit(context, host.url, 'one');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await ready(page);
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  test('shows a new version at once, and drops the files of the old one after its last page is gone', async () => {
    const profileDir = mkdtempSync(join(tmpdir(), 'graft-profile-'));
    const open = () => chromium.launchPersistentContext(profileDir, LAUNCH);
    const before = await open();
    await ready(await visit(before, host.url, 'one'));
    files.remove('assets/app-one.js');
    files.build('two');
    const page = await visit(before, host.url, 'two');
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await expect.poll(() => page.evaluate(pathsOfBuiltCopies), POLL).toContain(`${FOLDER}assets/app-two.js`);
    await before.close();

    const after = await open();
    const built = ['assets/app-two.js', 'backbones/index.json', 'index.html'].map((path) => FOLDER + path);
    const later = await visit(after, host.url, 'two');
    await expect.poll(() => later.evaluate(pathsOfBuiltCopies), POLL).toEqual(built);
    await after.close();
    rmSync(profileDir, { recursive: true, force: true });
  });

  test('keeps self-hosted networks once fetched, and lets them go when the host no longer has them', async () => {
    const first = await visit(context, host.url, 'one');
    await ready(first);
    await first.reload();
    files.write('backbones/own/weights.bin', 'weights');
    expect(await textOf(first, 'backbones/own/weights.bin')).toBe('weights');
    host.plugged = false;
    expect(await textOf(first, 'backbones/own/weights.bin')).toBe('weights');
    host.plugged = true;
    files.remove('backbones/own/weights.bin');
    expect(await first.evaluate(async () => (await fetch('backbones/own/weights.bin')).status)).toBe(404);
  });

  test('leaves requests for a range of a file to the network', async () => {
    const page = await visit(context, host.url, 'one');
    await ready(page);
    await page.reload();
    await page.evaluate(() => fetch('backbones/index.json', { headers: { Range: 'bytes=0-3' } }));
    expect(host.ranges).toContain('bytes=0-3');
  });

  test('is the same text for the same files, and another for changed ones', () => {
    const before = serviceWorker(files.dir);
    expect(serviceWorker(files.dir)).toBe(before);
    files.write('backbones/index.json', '{"bundled":[1]}');
    expect(serviceWorker(files.dir)).not.toBe(before);
  });
});
