import { preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { buildWhenStale } from '../../../scripts/build-when-stale.ts';
import { prepare } from '../../../scripts/prepare.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly pageUrl: string;
  }
}

/** Builds the page when its sources changed and serves it once for all journeys. */
export default async function serveBuiltPage(project: TestProject): Promise<() => Promise<void>> {
  const root = project.config.root;
  await prepare(root);
  await buildWhenStale(root);
  const server = await preview({
    root,
    preview: { port: 4300, strictPort: false, host: 'localhost' },
    logLevel: 'warn',
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('The preview server gave no address.');
  project.provide('pageUrl', url);
  return () => server.close();
}
