import { startBackend } from '../../src/engine/backend.ts';
import type { BackendName } from '../../src/engine/contract.ts';
import { decodePixels } from '../../src/engine/decode.ts';
import { toInput } from '../../src/engine/embedder.ts';
import { startGraph } from '../../src/engine/interpreter.ts';
import { type LoadedBackbone, loadBackbone } from '../../src/engine/load-backbone.ts';
import { fetchTfjsFiles, parseModelJson } from '../../src/engine/model-files.ts';
import * as tf from '../../src/engine/tf.ts';
import { loadReference, type ReferenceModel } from '../../src/engine/tf-reference.ts';
import { readModel } from '../../src/graph/read-model.ts';
import type { Port } from '../../src/rpc/calls.ts';
import { serve } from '../../src/rpc/serve.ts';
import type { TfCalls } from './rival-calls.ts';

const now = () => performance.now();
const { signal } = new AbortController();

let backend: BackendName = 'wasm';
let backbone: LoadedBackbone | null = null;
let reference: ReferenceModel | null = null;
let images: Uint8Array[] = [];

function loaded(): LoadedBackbone {
  if (backbone === null) throw new Error('no network is loaded');
  return backbone;
}

function batches(): Uint8Array[][] {
  const { batchSize } = loaded().embedder;
  return Array.from({ length: images.length / batchSize }, (_, index) =>
    images.slice(index * batchSize, (index + 1) * batchSize),
  );
}

async function timed(compute: (batch: Uint8Array[]) => Promise<Float32Array>) {
  const { featureLength } = loaded().embedder;
  const features = new Float32Array(images.length * featureLength);
  const startMs = now();
  let row = 0;
  for (const batch of batches()) {
    features.set(await compute(batch), row * featureLength);
    row += batch.length;
  }
  return { features, imageMs: (now() - startMs) / row };
}

serve<TfCalls>(self as unknown as Port /* A worker, which the types of a page do not know. */, {
  load: async ({ entry, backend: wanted }) => {
    const { report } = await startBackend(wanted, [], now);
    backend = report.backend;
    backbone = await loadBackbone(entry, { backend, signal, onProgress: () => undefined, now });
    const files = await fetchTfjsFiles(entry.urls[0] ?? '', () => undefined, signal);
    const model = parseModelJson(files.modelBytes);
    const { featureSource } = readModel(model, files.weightData, entry.manifest);
    reference = await loadReference(model, files.weightData, featureSource);
    const { batchSize } = backbone.embedder;
    return { graph: backbone.graph, batchSize, backend, threadCount: report.threadCount };
  },

  prepare: async ({ files }) => {
    const { inputSide } = loaded().graph;
    const startMs = now();
    images = [];
    for (const file of files) images.push(await decodePixels(file, inputSide, 'crop'));
    return { decodeMs: (now() - startMs) / files.length };
  },

  ours: () => timed((batch) => loaded().embedder.embed(batch)),

  plain: () =>
    timed(async (batch) => {
      const output = tf.tidy(() => {
        if (reference === null) throw new Error('no network is loaded');
        return reference.run(toInput(batch, batch.length, loaded().graph, backend));
      });
      const values = await output.data<'float32'>();
      output.dispose();
      return values.slice();
    }),

  stages: async () => {
    const { graph } = loaded();
    const running = startGraph(graph);
    const spent = { uploadMs: 0, computeMs: 0, readBackMs: 0 };
    for (const batch of batches()) {
      const startMs = now();
      const input = tf.tidy(() => toInput(batch, batch.length, graph, backend));
      const uploadedMs = now();
      const output = running.run(input);
      const computedMs = now();
      await output.data();
      spent.uploadMs += (uploadedMs - startMs) / images.length;
      spent.computeMs += (computedMs - uploadedMs) / images.length;
      spent.readBackMs += (now() - computedMs) / images.length;
      tf.dispose([input, output]);
    }
    running.dispose();
    return spent;
  },

  pixels: async () => {
    const all = new Uint8Array(images.length * (images[0]?.length ?? 0));
    images.forEach((image, row) => {
      all.set(image, row * image.length);
    });
    return all;
  },
});
