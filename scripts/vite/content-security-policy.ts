import type { Plugin } from 'vite';
import { OFFICIAL_BACKBONES } from '../../src/domain/backbone-catalogue.ts';

/** Where the official addresses send a browser on to; the first is the address, the others its file hosts. */
const REDIRECTS: Readonly<Record<string, readonly string[]>> = {
  'https://tfhub.dev': ['https://www.kaggle.com', 'https://storage.googleapis.com'],
  'https://www.kaggle.com': ['https://storage.googleapis.com'],
  'https://huggingface.co': ['https://*.huggingface.co', 'https://*.hf.co'],
};

/**
 * The policy that keeps images on the device: the page may read from its own host and from the official sources of
 * backbones, and from nowhere else; it may send nowhere.
 *
 * @param addresses absolute addresses the page may download from.
 */
export function contentSecurityPolicy(
  addresses: readonly string[] = OFFICIAL_BACKBONES.flatMap((entry) => entry.urls),
): string {
  const origins = addresses.map((address) => new URL(address).origin);
  const hosts = [...new Set(origins.flatMap((origin) => [origin, ...(REDIRECTS[origin] ?? [])]))].sort();
  const directives = {
    'default-src': ["'self'"],
    // blob: because wasm starts its threads from blob addresses.
    'script-src': ["'self'", "'wasm-unsafe-eval'", 'blob:'],
    'worker-src': ["'self'", 'blob:'],
    // Components set positions and colours in style attributes.
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'blob:', 'data:'],
    'media-src': ["'self'", 'blob:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", 'blob:', 'data:', ...hosts],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/** Puts the policy into the built page, so that it holds on any static host. */
export function contentSecurityPolicyTag(): Plugin {
  return {
    name: 'graft-content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy() },
        injectTo: 'head-prepend',
      },
    ],
  };
}
