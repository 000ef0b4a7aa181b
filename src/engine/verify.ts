import type { BackboneManifest, PixelScaling } from '../domain/backbone.ts';
import type { FoldedGraph } from '../graph/folded-graph.ts';
import type { ReadGraph } from '../graph/read-model.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { scalePixels } from './embedder.ts';
import { startGraph } from './interpreter.ts';
import * as tf from './tf.ts';
import { loadReference } from './tf-reference.ts';

/** Largest difference that rounding explains. */
const TOLERANCE_RATIO = 1e-4;

/** The same bytes on every machine: a small multiplicative generator, Park and Miller's constants. */
function testPixels(side: number): Float32Array {
  let state = 42;
  return Float32Array.from({ length: side * side * 3 }, () => {
    state = (state * 48271) % 2147483647;
    return state % 256;
  });
}

function testInput(side: number, pixels: PixelScaling): tf.Tensor4D {
  return tf.tidy(() => scalePixels(tf.tensor4d(testPixels(side), [1, side, side, 3]), pixels));
}

/** Largest difference relative to the largest reference value; infinite when lengths differ or a number is missing. */
export function differenceRatio(values: Float32Array, reference: Float32Array): number {
  if (values.length !== reference.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i += 1) {
    const wanted = reference[i] ?? Number.NaN;
    const error = Math.abs((values[i] ?? Number.NaN) - wanted);
    if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, error);
    largest = Math.max(largest, Math.abs(wanted));
  }
  return largest === 0 ? (difference === 0 ? 0 : Number.POSITIVE_INFINITY) : difference / largest;
}

async function readBack(run: () => tf.Tensor): Promise<Float32Array> {
  const output = run();
  try {
    return (await output.data<'float32'>()).slice();
  } finally {
    output.dispose();
  }
}

async function runReference(model: unknown, weightData: ArrayBuffer, pixels: PixelScaling, graph: ReadGraph) {
  const reference = await loadReference(model, weightData, graph.featureSource);
  const input = testInput(graph.inputSide, pixels);
  try {
    return await readBack(() => reference.run(input));
  } finally {
    input.dispose();
    reference.dispose();
  }
}

async function runOurs(graph: FoldedGraph): Promise<Float32Array> {
  const running = startGraph(graph);
  const input = testInput(graph.inputSide, graph.pixels);
  try {
    return await readBack(() => running.run(input));
  } finally {
    input.dispose();
    running.dispose();
  }
}

/**
 * Proves a conversion: the original, run by tfjs's own loaders, and ours see the same pixels and must give the same features.
 * Each gets them scaled its own way: arithmetic on the input may have been folded into ours.
 *
 * @param manifest of the original.
 * @returns the largest difference relative to the largest feature, at most 1e-4; null when tfjs cannot run the original.
 * @throws RemoteError 'folding-failed' beyond that.
 */
export async function verifyFolding(
  model: unknown,
  weightData: ArrayBuffer,
  manifest: BackboneManifest,
  graph: ReadGraph,
): Promise<number | null> {
  const wanted = await runReference(model, weightData, manifest.pixels, graph).catch(() => null);
  return wanted === null ? null : compare(graph, wanted, manifest.name);
}

/**
 * The second opinion where nothing here but our own reader can run the original: the network folded and fused, against
 * itself with every batch norm, activation and padding computed as a step of its own. It proves the folding, not the reading.
 *
 * @returns and throws as `verifyFolding` does, but is never null.
 */
export async function verifyAgainstUnfolded(graph: ReadGraph, name: string): Promise<number> {
  return compare(graph, await runOurs(graph.unfolded()), name);
}

async function compare(graph: FoldedGraph, wanted: Float32Array, name: string): Promise<number> {
  const ratio = differenceRatio(await runOurs(graph), wanted);
  if (ratio <= TOLERANCE_RATIO) return ratio;
  throw new RemoteError(
    'folding-failed',
    `${name} gives other features after conversion (difference ${ratio.toExponential(1)}), so it is not used.`,
  );
}
