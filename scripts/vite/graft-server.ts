import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { contentSecurityPolicy } from './content-security-policy.ts';

/** Cross-origin isolation lets wasm use threads. */
const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.bin': 'application/octet-stream',
};

/** Manifests of every `<dir>/<id>/backbone.json`, with the size of the files beside it. */
export function listBackbones(dir: string): unknown[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(dir, entry.name, 'backbone.json')))
    .map((entry) => {
      const folder = join(dir, entry.name);
      const files = readdirSync(folder).filter((file) => file !== 'backbone.json');
      const sizeBytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
      return { sizeBytes, ...(JSON.parse(readFileSync(join(folder, 'backbone.json'), 'utf8')) as object) };
    });
}

/**
 * Serves `GRAFT_BACKBONES` as `backbones/` beside the bundled one, and the headers of the built page.
 * `backbones/self-hosted.json` then lists their manifests.
 */
export function graftServer(): Plugin {
  const dir = process.env.GRAFT_BACKBONES ? resolve(process.env.GRAFT_BACKBONES) : null;
  const handle = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    for (const [name, value] of Object.entries(ISOLATION_HEADERS)) response.setHeader(name, value);
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (dir === null || !path.startsWith('/backbones/')) return next();
    const rest = normalize(path.slice('/backbones/'.length));
    if (rest.startsWith('..')) return next();
    // On a static host a file of this name stands here; set-up writes an empty one.
    if (rest === 'self-hosted.json') {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(listBackbones(dir)));
      return;
    }
    const file = join(dir, rest);
    if (!existsSync(file) || !statSync(file).isFile()) return next();
    response.setHeader('Content-Type', MEDIA_TYPES[extname(file)] ?? 'application/octet-stream');
    response.setHeader('Content-Length', statSync(file).size);
    createReadStream(file).pipe(response);
  };
  return {
    name: 'graft-server',
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => {
      server.middlewares.use((_request, response, next) => {
        response.setHeader('Content-Security-Policy', contentSecurityPolicy());
        next();
      });
      server.middlewares.use(handle);
    },
  };
}
