import type { AugmentedView } from '../domain/augmented-view.ts';
import type { PixelScaling } from '../domain/backbone.ts';
import type { FoldedGraph } from '../graph/folded-graph.ts';
import { pixelAffine } from '../graph/pixel-scaling.ts';
import { augmentBatch } from './augment.ts';
import type { BackendName } from './contract.ts';
import { startGraph } from './interpreter.ts';
import * as tf from './tf.ts';

/** A backbone on the device: pixels in, features out. */
export interface Embedder {
  readonly inputSide: number;
  readonly featureLength: number;
  /** Images per run. Batches are padded to it: new shapes would cost new buffers and shaders. One until it is set. */
  readonly batchSize: number;
  /** To be called while warming up only: from then on the shapes stay. */
  setBatchSize(batchSize: number): void;
  /**
   * @param images 1 to `batchSize` of uint8 [side, side, 3] RGB. A single one runs alone, unpadded.
   * @param views what to make of each image first; without it the images are taken as they are.
   * @returns float32 [images.length, featureLength].
   */
  embed(images: readonly Uint8Array[], views?: readonly AugmentedView[]): Promise<Float32Array>;
  dispose(): void;
}

/**
 * Bytes to the network's input, the arithmetic on the device. To be called inside a tidy.
 * @param bytes float32 [batch, side, side, 3] RGB, 0-255.
 */
export function scalePixels(bytes: tf.Tensor4D, pixels: PixelScaling): tf.Tensor4D {
  const { scale, offset, source } = pixelAffine(pixels);
  const ordered = source[0] === 0 ? bytes : tf.reverse(bytes, 3);
  return tf.add(tf.mul(ordered, tf.tensor1d([...scale])), tf.tensor1d([...offset]));
}

/** For backends that compute in the processor's memory: one pass over the bytes instead of three over floats. */
function scaledInput(images: readonly Uint8Array[], rowCount: number, side: number, pixels: PixelScaling): tf.Tensor4D {
  const { scale, offset, source } = pixelAffine(pixels);
  const tables = scale.map((factor, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => byte * factor + (offset[channel] ?? 0)),
  );
  const rowLength = side * side * 3;
  const values = new Float32Array(rowCount * rowLength);
  for (const [channel, table] of tables.entries()) {
    const from = source[channel] ?? channel;
    images.forEach((image, row) => {
      const start = row * rowLength;
      for (let at = 0; at < rowLength; at += 3) values[start + at + channel] = table[image[at + from] ?? 0] ?? 0;
    });
  }
  return tf.tensor4d(values, [rowCount, side, side, 3]);
}

/**
 * Pictures as they are, on the device. Rows beyond them are black.
 * @param images uint8 [side, side, 3] RGB each, at most `rowCount`.
 * @returns float32 [rowCount, side, side, 3], 0-255.
 */
export function uploadBytes(images: readonly Uint8Array[], rowCount: number, side: number): tf.Tensor4D {
  const rowLength = side * side * 3;
  const values = new Float32Array(rowCount * rowLength);
  images.forEach((image, row) => {
    values.set(image, row * rowLength);
  });
  return tf.tensor4d(values, [rowCount, side, side, 3]);
}

/**
 * The network's input of some images. To be called inside a tidy.
 * @param images uint8 [side, side, 3] RGB each, at most `rowCount`; rows beyond them do not count.
 * @returns float32 [rowCount, side, side, 3].
 */
export function toInput(
  images: readonly Uint8Array[],
  rowCount: number,
  { inputSide, pixels }: FoldedGraph,
  backend: BackendName,
): tf.Tensor4D {
  const isProcessor = backend === 'wasm' || backend === 'cpu';
  if (isProcessor) return scaledInput(images, rowCount, inputSide, pixels);
  // On GPUs the device does the arithmetic.
  return scalePixels(uploadBytes(images, rowCount, inputSide), pixels);
}

/** The network's input of one view of each image, or without views of the images as they are; otherwise like `toInput`. */
export function toInputOf(
  images: readonly Uint8Array[],
  views: readonly AugmentedView[] | undefined,
  rowCount: number,
  graph: FoldedGraph,
  backend: BackendName,
): tf.Tensor4D {
  if (views === undefined) return toInput(images, rowCount, graph, backend);
  return scalePixels(augmentBatch(uploadBytes(images, rowCount, graph.inputSide), views), graph.pixels);
}

/** Puts a folded network on the backend in use. The caller disposes it. */
export function createEmbedder(graph: FoldedGraph, backend: BackendName): Embedder {
  const running = startGraph(graph);
  let batchSize = 1;
  return {
    inputSide: graph.inputSide,
    featureLength: graph.featureLength,
    get batchSize() {
      return batchSize;
    },
    setBatchSize(wanted) {
      batchSize = wanted;
    },
    async embed(images, views) {
      const rowCount = images.length === 1 ? 1 : batchSize;
      const features = tf.tidy(() => running.run(toInputOf(images, views, rowCount, graph, backend)));
      try {
        const values = await features.data<'float32'>();
        // A copy without the padding; some backends hand out memory of their own.
        return values.slice(0, images.length * graph.featureLength);
      } finally {
        features.dispose();
      }
    },
    dispose: () => running.dispose(),
  };
}
