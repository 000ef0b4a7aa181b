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

type Layers = typeof import('@tensorflow/tfjs-layers');
type LayersModel = Awaited<ReturnType<Layers['loadLayersModel']>>;
type Layer = LayersModel['layers'][number];
/** What a model's inputs make of some of its tensors. */
type Evaluation = (inputs: tf.Tensor[]) => tf.Tensor[];

/** A layer's call inside its own model; the call a nested model makes of itself when it is built comes before. */
function callOf({ LayersModel }: Layers, layer: Layer, callIndex: number): Layer['inboundNodes'][number] {
  const first = layer instanceof LayersModel ? 1 : 0;
  const call = layer.inboundNodes[first + callIndex] ?? layer.inboundNodes.at(-1);
  if (call === undefined) throw new Error(`The layer "${layer.name}" is not connected.`);
  return call;
}

function evaluation({ model }: Layers, whole: LayersModel, wanted: LayersModel['inputs']): Evaluation {
  // A nested model that comes first has its model's own inputs, of which tfjs makes no model.
  if (wanted.every((tensor) => whole.inputs.includes(tensor))) {
    return (inputs) => wanted.flatMap((tensor) => inputs[whole.inputs.indexOf(tensor)] ?? []);
  }
  const cut = model({ inputs: whole.inputs, outputs: wanted });
  return (inputs) => [cut.predict(inputs)].flat();
}

/**
 * @param path a layer's name, with the names of the models around it in front; names may hold slashes themselves.
 *   A layer's second call has `:1` after its name.
 */
function layerEvaluation(layers: Layers, whole: LayersModel, path: string): Evaluation {
  for (const layer of whole.layers) {
    const rest = path.startsWith(layer.name) ? /^(?::(\d+))?(?:\/(.+))?$/.exec(path.slice(layer.name.length)) : null;
    if (rest === null) continue;
    const call = callOf(layers, layer, Number(rest[1] ?? 0));
    const inner = rest[2];
    if (inner === undefined) return evaluation(layers, whole, call.outputTensors);
    if (!(layer instanceof layers.LayersModel)) continue;
    const before = evaluation(layers, whole, call.inputTensors);
    const inside = layerEvaluation(layers, layer, inner);
    return (inputs) => inside(before(inputs));
  }
  throw new Error(`The original has no layer "${path}".`);
}

async function loadLayers(handler: tf.io.IOHandler, featureSource: string): Promise<ReferenceModel> {
  const layers = await import('@tensorflow/tfjs-layers');
  const whole = await layers.loadLayersModel(handler);
  // `whole.dispose()` counts users and keeps the weights of nested models.
  const dispose = () => {
    for (const weight of whole.weights) weight.dispose();
  };
  try {
    const evaluate = layerEvaluation(layers, whole, featureSource);
    return { run: (input) => tf.tidy(() => toVector(first(evaluate([input])))), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function loadGraph(handler: tf.io.IOHandler, featureSource: string): Promise<ReferenceModel> {
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  const model = await loadGraphModel(handler);
  return {
    run: (input) => tf.tidy(() => toVector(first(model.execute(input, featureSource)))),
    dispose: () => model.dispose(),
  };
}

/**
 * Loads the original with tfjs's own loaders. To be called only with files `readModel` has already accepted:
 * tfjs does not bound what it reads.
 *
 * @param model parsed model.json.
 * @param featureSource the layer or node whose value is the feature, as `readModel` found it.
 */
export async function loadReference(
  model: unknown,
  weightData: ArrayBuffer,
  featureSource: string,
): Promise<ReferenceModel> {
  // `readModel` has checked that this is a model with a manifest.
  const json = model as tf.io.ModelJSON;
  const artifacts = await tf.io.getModelArtifactsForJSON(json, async (manifest) => [
    tf.io.getWeightSpecs(manifest),
    weightData,
  ]);
  const handler = { load: async () => artifacts };
  const isGraph = json.format === 'graph-model' || 'node' in json.modelTopology;
  return isGraph ? loadGraph(handler, featureSource) : loadLayers(handler, featureSource);
}
