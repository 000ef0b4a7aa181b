import { createReadStream, existsSync, mkdtempSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize, resolve } from 'node:path';
import type { Page } from 'playwright';
import { build } from 'vite';
import { wasmThreads } from '../../scripts/vite/wasm-threads.ts';
import { openEmptyProfile } from './empty-profile.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};
const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Builds the engine with its rivals as the real page is built. @returns the folder; the caller deletes it. */
export async function buildFeaturePage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'graft-features-'));
  await build({
    configFile: false,
    root: resolve('bench/feature-page'),
    base: './',
    publicDir: false,
    logLevel: 'error',
    worker: { format: 'es', plugins: () => [wasmThreads()] },
    plugins: [wasmThreads()],
    build: { target: 'es2023', outDir, emptyOutDir: true, chunkSizeWarningLimit: 5000 },
  });
  return outDir;
}

/**
 * Serves the built page and opens it.
 * @param folders what else is served, by the first part of its path.
 * @param isolated with threads, or without the headers that wasm needs for them.
 */
export async function withFeaturePage(
  outDir: string,
  folders: Readonly<Record<string, string>>,
  isolated: boolean,
  work: (page: Page, url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const [, first = '', ...rest] = path.split('/');
    const folder = folders[first];
    const file = folder === undefined ? join(outDir, path === '/' ? 'index.html' : path) : join(folder, ...rest);
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
    const type = MEDIA_TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': type, ...(isolated ? ISOLATION_HEADERS : {}) });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { page, close } = await openEmptyProfile();
  try {
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    await page.goto(url);
    await page.waitForFunction(() => typeof compareFeatures === 'function');
    await work(page, url);
  } finally {
    await close();
    server.closeAllConnections();
    server.close();
  }
}
