import type { PixelScaling } from '../domain/backbone.ts';
import type { FoldedGraph } from '../graph/folded-graph.ts';
import { pixelAffine } from '../graph/pixel-scaling.ts';
import type { BackendName } from './contract.ts';
import { startGraph } from './interpreter.ts';
import * as tf from './tf.ts';

/** A backbone on the device: pixels in, features out. */
export interface Embedder {
  readonly inputSide: number;
  readonly featureLength: number;
  /** Images per run. Batches are padded to it: new shapes would cost new buffers and shaders. */
  readonly batchSize: number;
  /**
   * @param images 1 to `batchSize` of uint8 [side, side, 3] RGB. A single one runs alone, unpadded.
   * @returns float32 [images.length, featureLength].
   */
  embed(images: readonly Uint8Array[]): Promise<Float32Array>;
  dispose(): void;
}

/** cpu: one image takes about a second, and between batches a cancel must be heard. webgl: memory grows with the batch. */
const BATCH_SIZES: Readonly<Record<BackendName, number>> = { webgpu: 32, webgl: 16, wasm: 16, cpu: 1 };

/**
 * Bytes to the network's input, the arithmetic on the device. To be called inside a tidy.
 * @param bytes float32 [batch, side, side, 3] RGB, 0-255.
 */
export function scalePixels(bytes: tf.Tensor4D, pixels: PixelScaling): tf.Tensor4D {
  const { scale, offset, source } = pixelAffine(pixels);
  const ordered = source[0] === 0 ? bytes : tf.reverse(bytes, 3);
  return tf.add(tf.mul(ordered, tf.tensor1d([...scale])), tf.tensor1d([...offset]));
}

/** @returns float32 [rowCount, side, side, 3] with bytes as values; rows beyond the images are zero. */
function toTensor(images: readonly Uint8Array[], rowCount: number, side: number): tf.Tensor4D {
  const rowLength = side * side * 3;
  const values = new Float32Array(rowCount * rowLength);
  images.forEach((image, row) => {
    values.set(image, row * rowLength);
  });
  return tf.tensor4d(values, [rowCount, side, side, 3]);
}

/** Puts a folded network on the backend in use. The caller disposes it. */
export function createEmbedder(graph: FoldedGraph, backend: BackendName): Embedder {
  const running = startGraph(graph);
  const batchSize = BATCH_SIZES[backend];
  return {
    inputSide: graph.inputSide,
    featureLength: graph.featureLength,
    batchSize,
    async embed(images) {
      const rowCount = images.length === 1 ? 1 : batchSize;
      const features = tf.tidy(() => {
        const bytes = toTensor(images, rowCount, graph.inputSide);
        return running.run(scalePixels(bytes, graph.pixels));
      });
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
