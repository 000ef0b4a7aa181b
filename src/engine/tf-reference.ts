import * as tf from './tf.ts';

/**
 * The second door to `@tensorflow/*`: tfjs's own model loaders, fetched only when a foreign network must be checked
 * against our conversion of it.
 */

/** The original network, cut at its feature, computed by tfjs itself. */
export interface ReferenceModel {
  /** @param input float32 [batch, side, side, 3] as the network wants it. Borrowed. @returns float32 [batch, featureLength], the caller's. */
  run(input: tf.Tensor4D): tf.Tensor;
  dispose(): void;
}

/** A feature map is averaged over height and width. */
function toVector(output: tf.Tensor): tf.Tensor {
  return output.rank === 4 ? tf.mean(output, [1, 2]) : tf.clone(output);
}

function first(output: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const tensor = Array.isArray(output) ? output[0] : output;
  if (tensor === undefined) throw new Error('The network has no output.');
  return tensor;
}

async function loadLayers(handler: tf.io.IOHandler, featureLayer: string | null): Promise<ReferenceModel> {
  const { loadLayersModel, model: makeModel } = await import('@tensorflow/tfjs-layers');
  const whole = await loadLayersModel(handler);
  const outputs = featureLayer === null ? whole.outputs : whole.getLayer(featureLayer).output;
  const cut = makeModel({ inputs: whole.inputs, outputs });
  return {
    run: (input) => tf.tidy(() => toVector(first(cut.predict(input)))),
    dispose: () => whole.dispose(),
  };
}

async function loadGraph(handler: tf.io.IOHandler, featureLayer: string | null): Promise<ReferenceModel> {
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  const model = await loadGraphModel(handler);
  return {
    run: (input) =>
      tf.tidy(() =>
        toVector(
          first(featureLayer === null ? (model.predict(input) as tf.Tensor) : model.execute(input, featureLayer)),
        ),
      ),
    dispose: () => model.dispose(),
  };
}

/**
 * Loads the original with tfjs's own loaders. To be called only with files `readModel` has already accepted:
 * tfjs does not bound what it reads.
 *
 * @param model parsed model.json.
 */
export async function loadReference(
  model: unknown,
  weightData: ArrayBuffer,
  featureLayer: string | null,
): Promise<ReferenceModel> {
  // `readModel` has checked that this is a model with a manifest.
  const json = model as tf.io.ModelJSON;
  const artifacts = await tf.io.getModelArtifactsForJSON(json, async (manifest) => [
    tf.io.getWeightSpecs(manifest),
    weightData,
  ]);
  const handler = { load: async () => artifacts };
  const isGraph = json.format === 'graph-model' || 'node' in json.modelTopology;
  return isGraph ? loadGraph(handler, featureLayer) : loadLayers(handler, featureLayer);
}
