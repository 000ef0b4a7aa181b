import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Arguments of every headless Chromium of the tests; WebGPU needs the unsafe flag without a screen. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
];

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Path of a Chromium that is already here, or null. `CHROMIUM_PATH` wins. */
export function findChromium(): string | null {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted !== undefined && existsSync(wanted)) return wanted;
  return PLACES.find((place) => existsSync(place)) ?? null;
}

/**
 * Finds or installs a Chromium: one that is there, else Debian's package, else Playwright's own download.
 * @returns its path, or undefined for Playwright's own.
 * @throws Error with what to do when none of the three works.
 */
export function ensureChromium(): string | undefined {
  const found = findChromium();
  if (found !== null) return found;
  for (const [command, args] of [
    ['apt-get', ['update']],
    ['apt-get', ['install', '-y', 'chromium']],
  ] as const) {
    try {
      execFileSync(command, args, { stdio: 'inherit' });
    } catch {
      break;
    }
  }
  const installed = findChromium();
  if (installed !== null) return installed;
  try {
    execFileSync('npx', ['playwright', 'install', '--with-deps', 'chromium'], { stdio: 'inherit' });
    return undefined;
  } catch (error) {
    throw new Error('No Chromium: install one (for example `apt-get install chromium`) or set CHROMIUM_PATH.', {
      cause: error,
    });
  }
}
