import { type Browser, chromium } from 'playwright';
import { CHROMIUM_ARGS, ensureChromium } from '../../scripts/chromium.ts';

/** Chromium for a bench; the caller closes it. */
export function launchChromium(): Promise<Browser> {
  const executablePath = ensureChromium();
  return chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath === undefined ? {} : { executablePath }) });
}
