import type { BackboneEntry } from '../../src/domain/backbone.ts';
import type { BackendName } from '../../src/engine/contract.ts';
import { differenceRatio } from '../../src/engine/verify.ts';
import type { FoldedGraph } from '../../src/graph/folded-graph.ts';
import { pixelAffine } from '../../src/graph/pixel-scaling.ts';
import { createCaller } from '../../src/rpc/caller.ts';
import type { CallTable } from '../../src/rpc/calls.ts';
import { onnxModel } from '../helpers/onnx-model.ts';
import { startOurEngine } from './our-engine.ts';
import type { OrtCalls, StageTimes, TfCalls } from './rival-calls.ts';
import { startTeachableMachine } from './teachable-machine.ts';

/** What one way of getting features took. */
export interface WayTimes {
  readonly name: string;
  /** Time of an image in each round, ms; empty when the way does not run here. */
  readonly imageMs: number[];
  /** Largest difference of its features from ours relative to the largest; null where they are not compared. */
  readonly differenceRatio: number | null;
  /** Why it does not run; null when it does. */
  readonly reason: string | null;
}

export interface Comparison {
  readonly backend: BackendName;
  readonly threadCount: number;
  readonly batchSize: number;
  readonly ways: readonly WayTimes[];
  readonly stages: StageTimes;
}

export interface ComparisonInput {
  readonly backend: BackendName;
  readonly entry: BackboneEntry;
  readonly rounds: number;
  readonly files: readonly Blob[];
}

declare global {
  // The door of this page for the script that drives it.
  var compareFeatures: (input: ComparisonInput) => Promise<Comparison>;
}

type Run = () => Promise<{ readonly imageMs: number; readonly features?: Float32Array }>;

interface Way extends WayTimes {
  readonly run: Run | null;
}

const startWorker = <T extends CallTable<T>>(worker: Worker) => createCaller<T>(worker);

/** [images, side, side, 3] bytes to [images, 3, side, side], scaled as the network takes it. */
function toPlanes(bytes: Uint8Array, { inputSide, pixels }: FoldedGraph): Float32Array {
  const { scale, offset, source } = pixelAffine(pixels);
  const area = inputSide * inputSide;
  const planes = new Float32Array(bytes.length);
  for (let image = 0; image < bytes.length / (area * 3); image += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const from = image * area * 3 + (source[channel] ?? 0);
      const to = (image * 3 + channel) * area;
      for (let at = 0; at < area; at += 1) {
        planes[to + at] = (bytes[from + at * 3] ?? 0) * (scale[channel] ?? 1) + (offset[channel] ?? 0);
      }
    }
  }
  return planes;
}

/** Starts one way and runs it once, unmeasured. What fails to start is a row that says why. */
async function startWay(name: string, start: () => Promise<Run>, ours: Float32Array | null): Promise<Way> {
  console.log(`starting: ${name}`);
  try {
    const run = await start();
    const { features } = await run();
    const ratio = features === undefined || ours === null ? null : differenceRatio(features, ours);
    return { name, run, imageMs: [], differenceRatio: ratio, reason: null };
  } catch (error) {
    return { name, run: null, imageMs: [], differenceRatio: null, reason: String(error) };
  }
}

globalThis.compareFeatures = async ({ backend: wanted, entry, rounds, files }) => {
  const tfRivals = startWorker<TfCalls>(new Worker(new URL('./tf.worker.ts', import.meta.url), { type: 'module' }));
  const { graph, batchSize, backend, threadCount } = await tfRivals.call('load', { entry, backend: wanted });
  if (backend !== wanted) throw new Error(`${wanted} does not start here`);
  const wholeBatches = files.slice(0, files.length - (files.length % batchSize));
  const { decodeMs } = await tfRivals.call('prepare', { files: wholeBatches });
  const { features: ours } = await tfRivals.call('ours', null);

  const startOrt = async (): Promise<Run> => {
    if (backend !== 'wasm') throw new Error('compared on wasm only');
    const ort = startWorker<OrtCalls>(new Worker(new URL('./ort.worker.ts', import.meta.url), { type: 'module' }));
    await ort.call('load', { model: onnxModel(graph), threadCount, side: graph.inputSide });
    const input = toPlanes(await tfRivals.call('pixels', null), graph);
    await ort.call('prepare', { input, batchSize });
    return () => ort.call('run', null);
  };
  const startTeachable = async (): Promise<Run> => {
    const { featureLayer } = entry.manifest;
    if (featureLayer === null || featureLayer === undefined) throw new Error('the network names no feature layer');
    const teachable = await startTeachableMachine(backend, entry.urls[0] ?? '', featureLayer);
    return () => teachable.run(wholeBatches);
  };
  const ways = [
    await startWay('ours: pixels to features', async () => () => tfRivals.call('ours', null), null),
    await startWay('plain tfjs model, same batches', async () => () => tfRivals.call('plain', null), ours),
    await startWay('ONNX Runtime Web, same network', startOrt, ours),
    await startWay(
      'ours: file to feature on disk',
      async () => {
        const engine = await startOurEngine(backend, entry);
        return () => engine.run(wholeBatches);
      },
      null,
    ),
    await startWay("Teachable Machine's way, file to feature", startTeachable, ours),
  ];
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run, imageMs } of ways) {
      if (run === null) continue;
      imageMs.push((await run()).imageMs);
      console.log(`round ${round + 1}: ${name} ${imageMs.at(-1)?.toFixed(1)} ms per image`);
    }
  }
  const stages = { decodeMs, ...(await tfRivals.call('stages', null)) };
  return {
    backend,
    threadCount,
    batchSize,
    stages,
    ways: ways.map(({ run: _run, ...times }) => times),
  };
};
