import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../../scripts/vite/content-security-policy.ts';
import { OFFICIAL_BACKBONES } from '../../../src/domain/backbone-catalogue.ts';

/** Sources of one directive, or none when it is missing. */
function sourcesOf(policy: string, directive: string): string[] {
  const [, ...sources] =
    policy
      .split('; ')
      .map((part) => part.split(' '))
      .find(([name]) => name === directive) ?? [];
  return sources;
}

describe('the content security policy', () => {
  test('lets the page read from every official source and from no other host', () => {
    const hosts = sourcesOf(contentSecurityPolicy(), 'connect-src').filter((source) => source.startsWith('https:'));
    for (const { urls } of OFFICIAL_BACKBONES) {
      for (const url of urls) expect(hosts).toContain(new URL(url).origin);
    }
    // Only Hugging Face spreads its files over hosts that change, all under its own two names.
    expect(hosts.filter((host) => host.includes('*'))).toEqual(['https://*.hf.co', 'https://*.huggingface.co']);
    expect(sourcesOf(contentSecurityPolicy([]), 'connect-src')).toEqual(["'self'", 'blob:', 'data:']);
  });

  test('knows where official addresses send a browser on to', () => {
    const sources = sourcesOf(contentSecurityPolicy(['https://tfhub.dev/google/x/1']), 'connect-src');
    expect(sources).toContain('https://www.kaggle.com');
    expect(sources).toContain('https://storage.googleapis.com');
  });

  test('allows wasm and its threads, but no script from elsewhere and no eval', () => {
    expect(sourcesOf(contentSecurityPolicy(), 'script-src')).toEqual(["'self'", "'wasm-unsafe-eval'", 'blob:']);
    expect(sourcesOf(contentSecurityPolicy(), 'worker-src')).toEqual(["'self'", 'blob:']);
    expect(sourcesOf(contentSecurityPolicy(), 'form-action')).toEqual(["'none'"]);
  });
});
