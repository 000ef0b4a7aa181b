import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const INPUTS = [
  'src',
  'public',
  'scripts/vite',
  'scripts/build-when-stale.ts',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
];

function* files(path: string): Generator<string> {
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* files(join(path, name));
}

function fingerprint(root: string): string {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    for (const file of files(join(root, input))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** Builds `dist/` unless it was made from exactly these files. */
export async function buildWhenStale(root: string): Promise<void> {
  const stampDir = join(root, '.graft');
  const stampFile = join(stampDir, 'built');
  const wanted = fingerprint(root);
  const current = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (current === wanted && existsSync(join(root, 'dist/index.html'))) return;
  await buildForUsers(root);
  mkdirSync(stampDir, { recursive: true });
  writeFileSync(stampFile, wanted);
}

/** A test runner sets NODE_ENV to `test`, and Vite would then build the page as for development, without its service worker. */
async function buildForUsers(root: string): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ root, logLevel: 'warn' });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}
