import type { io, Tensor } from '@tensorflow/tfjs';

/** A model as tfjs loads it: the parsed `model.json` and its binaries joined. */
export interface LoadableModel {
  readonly modelJson: object;
  readonly weightData: ArrayBuffer;
}

/**
 * Runs the original graph model and the layers model made from it on one fixed image.
 *
 * @param featureNode the original's node whose value, averaged over space, is the feature.
 * @param inputSide px; the original takes [0, 1], the layers model [-1, 1].
 * @returns the largest difference, relative to the original's largest feature.
 */
export async function compareFeatures(
  original: LoadableModel,
  made: LoadableModel,
  featureNode: string,
  inputSide: number,
): Promise<number> {
  // Imported here because it takes seconds, which a set-up with nothing to do must not spend.
  const tf = await import('@tensorflow/tfjs');
  await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  const graphModel = await tf.loadGraphModel(await handlerOf(original, tf.io));
  const layersModel = await tf.loadLayersModel(await handlerOf(made, tf.io));
  const shape: [number, number, number, number] = [1, inputSide, inputSide, 3];
  const pixels = tf.tensor4d(fixedPixels(inputSide * inputSide * 3), shape);
  const wanted = graphModel.execute(pixels, featureNode) as Tensor;
  const given = layersModel.predict(pixels.mul(2).sub(1)) as Tensor;
  const [a, b] = [await wanted.mean([1, 2]).data(), await given.data()];
  if (a.length !== b.length) throw new Error(`The original gives ${a.length} features, the copy ${b.length}.`);
  return maxOf(a, (value, index) => value - (b[index] ?? Number.NaN)) / maxOf(a, (value) => value);
}

async function handlerOf({ modelJson, weightData }: LoadableModel, tfio: typeof io): Promise<io.IOHandler> {
  // `readModel` has read the same object already and checked it.
  const json = modelJson as io.ModelJSON;
  const artifacts = await tfio.getModelArtifactsForJSON(json, async (manifest) => [
    tfio.getWeightSpecs(manifest),
    weightData,
  ]);
  return { load: async () => artifacts };
}

/** Evenly spread numbers in [0, 1), always the same: multiples of the golden ratio without their whole part. */
function fixedPixels(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => (index * 0.618_033_988_749_895) % 1);
}

function maxOf(values: ArrayLike<number>, of: (value: number, index: number) => number): number {
  return Array.from(values, of).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
