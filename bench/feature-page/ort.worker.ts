import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { Port } from '../../src/rpc/calls.ts';
import { serve } from '../../src/rpc/serve.ts';
import type { OrtCalls } from './rival-calls.ts';

type Ort = typeof import('onnxruntime-web');

let ort: Ort | null = null;
let session: InferenceSession | null = null;
let side = 0;
let batches: Tensor[] = [];

/** As published: its threads start from its own file, which a bundler would change. */
async function loadLibrary(): Promise<Ort> {
  const address = new URL('/ort/ort.wasm.bundle.min.mjs', location.origin).href;
  return (await import(/* @vite-ignore */ address)) as Ort;
}

serve<OrtCalls>(self as unknown as Port /* A worker, which the types of a page do not know. */, {
  load: async ({ model, threadCount, side: inputSide }) => {
    ort = await loadLibrary();
    ort.env.wasm.numThreads = threadCount;
    ort.env.wasm.wasmPaths = new URL('/ort/', location.origin).href;
    side = inputSide;
    session = await ort.InferenceSession.create(model, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
    });
    return null;
  },

  prepare: async ({ input, batchSize }) => {
    const length = batchSize * 3 * side * side;
    const library = ort;
    if (library === null) throw new Error('no network is loaded');
    batches = Array.from({ length: input.length / length }, (_, index) => {
      const values = input.slice(index * length, (index + 1) * length);
      return new library.Tensor('float32', values, [batchSize, 3, side, side]);
    });
    return null;
  },

  run: async () => {
    const rows: Float32Array[] = [];
    const startMs = performance.now();
    for (const image of batches) {
      const output = await session?.run({ image });
      rows.push(output?.feature?.data as Float32Array);
    }
    const imageCount = batches.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
    const imageMs = (performance.now() - startMs) / imageCount;
    const features = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
    let at = 0;
    for (const row of rows) {
      features.set(row, at);
      at += row.length;
    }
    return { features, imageMs };
  },
});
