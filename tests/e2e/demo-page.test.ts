import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { createServer, type Plugin, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.ts';
import { plainLibrary } from '../../scripts/vite/plain-library.ts';
import type { ResizeMode } from '../../src/domain/project.ts';
import { PARITY_TOLERANCE } from '../../src/export/parity-files.ts';
import { PlainHost } from '../helpers/node/plain-host.ts';

const MODES: readonly ResizeMode[] = ['crop', 'squash', 'pad'];

/** A download, and what the engine's own pre-processing and reference arithmetic say of pictures put beside it. */
interface Unpacked {
  readonly dir: string;
  readonly picture: string;
  readonly pictures: readonly { readonly file: string; readonly expected: readonly number[] }[];
}

/** Modules run in the page as the development server gives them out; a test's own code never reaches it. */
const MAKER = `<!doctype html><script type="module">
  import { tinyDownload } from '/tests/browser/export/opened-bundle.ts';
  const base64Of = (blob) => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.replace(/^[^,]*,/, ''));
    reader.readAsDataURL(blob);
  });
  window.makeDownload = async (mode) => {
    const { zip, pictures } = await tinyDownload(mode);
    const encoded = pictures.map(async ({ picture, expected }) => ({ picture: await base64Of(picture), expected }));
    return { zip: await base64Of(zip), pictures: await Promise.all(encoded) };
  };
</script>`;

const makerPage: Plugin = {
  name: 'maker-page',
  configureServer(server) {
    server.middlewares.use('/maker.html', (_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(MAKER);
    });
  },
};

interface MadeDownload {
  readonly zip: string;
  readonly pictures: readonly { readonly picture: string; readonly expected: readonly number[] }[];
}

/** Makes a download of the tiny network in a page, as Graft does, and unpacks it. */
async function unpackDownload(page: Page, dir: string, mode: ResizeMode): Promise<Unpacked> {
  const { zip, pictures } = await page.evaluate<MadeDownload>(`window.makeDownload('${mode}')`);
  const reader = new ZipReader(new BlobReader(new Blob([Buffer.from(zip, 'base64')])), { useWebWorkers: false });
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    mkdirSync(dirname(join(dir, entry.filename)), { recursive: true });
    writeFileSync(join(dir, entry.filename), await entry.getData(new Uint8ArrayWriter()));
  }
  const written = pictures.map(({ picture, expected }, index) => {
    const file = join(dir, `picture to try ${index}.png`);
    writeFileSync(file, Buffer.from(picture, 'base64'));
    return { file, expected };
  });
  return { dir, picture: written[0]?.file ?? '', pictures: written };
}

/** The classes as the page lists them, most probable first. */
const shown = (page: Page) =>
  page.$$eval('li[data-known]', (items) =>
    items.map((item) => ({
      label: item.querySelector('span')?.textContent ?? '',
      probability: Number(item.getAttribute('data-probability')),
    })),
  );

/** Runs before the scripts of a page: a browser without WebGL, where TensorFlow.js falls back to plain JavaScript. */
function withoutWebgl(): void {
  const refuse = (kind: { prototype: { getContext: unknown } }) => {
    const original = kind.prototype.getContext as (this: unknown, name: string, ...rest: unknown[]) => unknown;
    kind.prototype.getContext = function (this: unknown, name: string, ...rest: unknown[]) {
      return name.includes('webgl') ? null : original.call(this, name, ...rest);
    };
  };
  refuse(HTMLCanvasElement);
  refuse(OffscreenCanvas);
}

describe('index.html of a download', () => {
  let server: ViteDevServer;
  let browser: Browser;
  const downloads = new Map<ResizeMode, Unpacked>();
  const root = mkdtempSync(join(tmpdir(), 'graft-download-'));
  const downloadOf = (mode: ResizeMode) => downloads.get(mode) ?? expect.fail('no download');

  beforeAll(async () => {
    server = await createServer({
      configFile: false,
      cacheDir: 'node_modules/.vite-demo-page',
      logLevel: 'error',
      optimizeDeps: { entries: [], include: ['@tensorflow/tfjs', '@zip.js/zip.js'] },
      plugins: [makerPage, plainLibrary()],
      server: { port: 4400, host: 'localhost', hmr: false, watch: null },
    });
    await server.listen();
    const executablePath = findChromium();
    browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath === null ? {} : { executablePath }) });
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls?.local[0]}maker.html`);
    await page.waitForFunction('window.makeDownload !== undefined');
    for (const mode of MODES) downloads.set(mode, await unpackDownload(page, join(root, mode), mode));
    await page.close();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** Opens the page of a download and waits until it has checked itself. */
  async function open(context: BrowserContext, address: string) {
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(address);
    await page.waitForSelector('#check[data-difference]');
    return { page, asked };
  }

  /** Gives the page of a download its pictures, one after another; each is prepared and judged as Graft does it. */
  async function expectSameAnswers(page: Page, { dir, pictures }: Unpacked): Promise<void> {
    const labels: string[] = JSON.parse(readFileSync(join(dir, 'metadata.json'), 'utf8')).labels;
    for (const { file, expected } of pictures) {
      await page.setInputFiles('input[type=file]', file);
      const difference = async () => {
        const found = await shown(page);
        expect(found.map(({ label }) => label).sort()).toEqual([...labels].sort());
        const all = found.map(({ label, probability }) =>
          Math.abs(probability - (expected[labels.indexOf(label)] ?? 9)),
        );
        return Math.max(...all);
      };
      await expect.poll(difference, { timeout: 60_000 }).toBeLessThanOrEqual(PARITY_TOLERANCE);
      const ranked = (await shown(page)).map(({ probability }) => probability);
      expect(ranked).toEqual([...ranked].sort((a, b) => b - a));
    }
  }

  describe('opened from disk, with WebGL', () => {
    let page: Page;
    let asked: readonly string[];
    beforeAll(async () => {
      const { dir } = downloadOf('crop');
      ({ page, asked } = await open(await browser.newContext(), pathToFileURL(join(dir, 'index.html')).href));
    });
    afterAll(() => page.context().close());

    test('checks itself with the known images and says so', async () => {
      expect(await page.textContent('#check')).toContain('5 known images: same probabilities as in training');
    });

    test('prepares images as training did: crop', () => expectSameAnswers(page, downloadOf('crop')));

    test('shows names as text, never as markup, and asks nothing of the network', async () => {
      expect(await page.textContent('h1')).toBe('Pets & <b>birds</b>');
      expect(await page.locator('h1 b').count()).toBe(0);
      expect(await shown(page)).toHaveLength(3);
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.filter((address) => !/^(file|blob|data):/.test(address))).toEqual([]);
      expect(await page.evaluate(() => fetch('https://example.com/').then(String, () => 'refused'))).toBe('refused');
    });

    test('says what to do with a file that is no image, and goes on working', async () => {
      const { dir, picture } = downloadOf('crop');
      await page.setInputFiles('input[type=file]', join(dir, 'labels.txt'));
      await expect.poll(() => page.textContent('#problem')).toContain('could not be read as an image');
      await page.setInputFiles('input[type=file]', picture);
      await expect.poll(() => page.textContent('#problem')).toBe('');
    });
  });

  describe('in a browser without WebGL', () => {
    let context: BrowserContext;
    beforeAll(async () => {
      context = await browser.newContext();
      await context.addInitScript(withoutWebgl);
    });
    afterAll(() => context.close());

    test.for(['squash', 'pad'] as const)('opened from disk it prepares images as training did: %s', async (mode) => {
      const { page } = await open(context, pathToFileURL(join(downloadOf(mode).dir, 'index.html')).href);
      await expectSameAnswers(page, downloadOf(mode));
    });

    test('served by a web server it works the same', async () => {
      const host = new PlainHost(downloadOf('crop').dir);
      await host.listen();
      const { page } = await open(context, host.url);
      await expectSameAnswers(page, downloadOf('crop'));
      host.close();
    });
  });
});
