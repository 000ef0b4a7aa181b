import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const TEMPLATE = fileURLToPath(new URL('service-worker.js', import.meta.url));
const PLACEHOLDER = 'const FILES = {};';

/** The worker itself must never be cached. */
const LEFT_OUT = /^service-worker\.js$|\.map$|(^|\/)\./;

/** Writes `service-worker.js` into the build: every built file with the revision of its content. */
export function offlinePrecache(): Plugin {
  let outDir = 'dist';
  return {
    name: 'graft-offline-precache',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    writeBundle: {
      order: 'post',
      // The files of public/ are in place before anything is written.
      handler: () => writeFileSync(join(outDir, 'service-worker.js'), serviceWorker(outDir)),
    },
  };
}

/** The service worker for a folder of built files. Equal files give equal text, so that nothing updates for nothing. */
export function serviceWorker(dir: string): string {
  const template = readFileSync(TEMPLATE, 'utf8');
  if (!template.includes(PLACEHOLDER)) throw new Error(`service-worker.js has no line "${PLACEHOLDER}".`);
  const files = JSON.stringify(revisions(dir), null, 2);
  return template.replace(PLACEHOLDER, () => `const FILES = ${files};`);
}

function revisions(dir: string): Record<string, string> {
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
  return Object.fromEntries(paths.map((path) => [path, revision(join(dir, path))]));
}

function revision(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
}
