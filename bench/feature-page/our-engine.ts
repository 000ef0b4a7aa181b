import { type BackboneEntry, backboneRef } from '../../src/domain/backbone.ts';
import type { BackendName } from '../../src/engine/contract.ts';
import { createEngineClient } from '../../src/engine-client/engine-client.ts';

/** The whole engine in its worker, with its decoding workers and its cache on disk. */
export interface OurEngine {
  /** File to feature, kept on disk. @returns the time of an image, ms. */
  run(files: readonly Blob[]): Promise<{ readonly imageMs: number }>;
}

export async function startOurEngine(backend: BackendName, entry: BackboneEntry): Promise<OurEngine> {
  const client = createEngineClient({
    createWorker: () => new Worker(new URL('../../src/engine/worker.ts', import.meta.url), { type: 'module' }),
    onState: () => undefined,
  });
  await client.call('start', { wanted: backend });
  const backbone = backboneRef(await client.call('prepareBackbone', { entry }));
  await client.call('activateBackbone', { backbone });
  return {
    async run(files) {
      const images = files.map((blob, index) => ({ hash: `bench ${index}`, blob }));
      await client.call('forgetFeatures', { hashes: images.map(({ hash }) => hash) });
      const startMs = performance.now();
      await client.call('embed', { backbone, images, resizeMode: 'crop' });
      return { imageMs: (performance.now() - startMs) / files.length };
    },
  };
}
