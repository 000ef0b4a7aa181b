// First step of every npm script: plain Node, so that it runs on a fresh clone. Installs what is missing, then runs scripts/<name>.ts.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const lockHash = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const stampFile = join('node_modules', '.graft-installed');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== lockHash) {
  console.log('Installing packages (once) ...');
  // `install`, not `ci`: some registries lack optional builds for other systems, and `ci` refuses a lock without them.
  const npm = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error(
      'The packages could not be installed: see the lines above. Nothing else was changed; run the command again.',
    );
    process.exit(1);
  }
  writeFileSync(stampFile, lockHash);
}

const [name = '', ...rest] = process.argv.slice(2);
const script = join(root, 'scripts', `${name}.ts`);
const child = spawnSync(
  process.execPath,
  ['--import', pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href, script, ...rest],
  { stdio: 'inherit' },
);
process.exit(child.status ?? 1);
