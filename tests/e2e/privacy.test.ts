import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { contentSecurityPolicy } from '../../scripts/vite/content-security-policy.ts';
import { OFFICIAL_BACKBONES } from '../../src/domain/backbone-catalogue.ts';
import { drawnPictures, drawnZip } from '../helpers/node/drawn-pictures.ts';
import { headline, importEnded, pickFiles, pickZip, pressTrain, ready } from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly hasBody: boolean;
}

const OFFICIAL_HOSTS = new Set(OFFICIAL_BACKBONES.flatMap(({ urls }) => urls.map((url) => new URL(url).host)));

let studio: Studio;
let page: Page;
/** Everything that the page, its workers and its service worker asked the network for. */
const sent: Sent[] = [];

beforeAll(async () => {
  studio = await openStudio({
    serviceWorkers: 'allow',
    prepare: async (context) => {
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol !== 'blob:' && url.protocol !== 'data:') {
          sent.push({ method: request.method(), url, hasBody: request.postDataBuffer() !== null });
        }
      });
    },
  });
  page = studio.page;
  await ready(page);
});
afterAll(() => studio.close());

/** A host that takes anything from anyone, and notes what it was sent. */
async function listen() {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(`${request.method}`);
    const open = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };
    response.writeHead(200, open).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, received, close: () => server.close() };
}

/** Sends something from the page, and from a worker that starts from a blob as the engine does. */
async function tryToSend(address: string): Promise<{ page: string; worker: string }> {
  return page.evaluate(async (target) => {
    const inPage = await fetch(target, { method: 'POST', body: 'a photo', mode: 'no-cors' }).then(
      () => 'sent',
      () => 'refused',
    );
    const source = `fetch(${JSON.stringify(target)}, { method: 'POST', body: 'a photo', mode: 'no-cors' })
      .then(() => postMessage('sent'), () => postMessage('refused'));`;
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    const inWorker = await new Promise<string>((resolve) => {
      worker.onmessage = ({ data }) => resolve(String(data));
    });
    worker.terminate();
    return { page: inPage, worker: inWorker };
  }, address);
}

test('no image leaves the device: the whole journey only reads, from the page’s host and the official sources', async () => {
  const own = new URL(inject('pageUrl')).host;
  await pickZip(page, await drawnZip(['circles', 'squares'], 10));
  await importEnded(page);
  await pressTrain(page);
  await headline(page);
  await pickFiles(
    page,
    () => page.getByRole('button', { name: 'Choose an image' }).click(),
    drawnPictures('circles', 1),
  );
  await page.getByRole('img', { name: 'Being tried' }).waitFor();
  for (const name of ['Results', 'Mistakes', 'Runs'] as const) await page.getByRole('tab', { name }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download model' }).click();
  await download;

  expect(sent.length).toBeGreaterThan(5);
  expect(sent.some(({ url }) => url.pathname.endsWith('/weights.bin'))).toBe(true);
  const wrong = sent.filter(
    ({ method, url, hasBody }) => method !== 'GET' || hasBody || (url.host !== own && !OFFICIAL_HOSTS.has(url.host)),
  );
  expect(wrong.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
});

test('the page carries its policy, and the browser refuses to send anything elsewhere from it or its workers', async () => {
  const address = inject('pageUrl');
  const response = await fetch(address);
  expect(response.headers.get('Content-Security-Policy')).toBe(contentSecurityPolicy());
  const written = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(written).toBe(contentSecurityPolicy());

  const elsewhere = await listen();
  expect(await tryToSend(elsewhere.url)).toEqual({ page: 'refused', worker: 'refused' });
  expect(elsewhere.received).toEqual([]);
  elsewhere.close();
});

test('the built page is isolated, and wasm computes with two threads or more', async () => {
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.getByRole('button', { name: /^Device/ }).click();
  const words = await page.getByText(/with \d+ threads?$/).textContent();
  const threadCount = Number(/(\d+) threads?$/.exec(words ?? '')?.[1]);
  const coreCount = await page.evaluate(() => navigator.hardwareConcurrency);
  expect(threadCount).toBeGreaterThanOrEqual(Math.min(2, coreCount));
});
