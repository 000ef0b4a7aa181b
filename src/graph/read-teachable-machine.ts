import type { FoundHead } from '../domain/found-network.ts';
import type { DenseWeights, HeadWeights } from '../domain/head.ts';
import { corrupt } from './graph-error.ts';
import { field, isRecord, type JsonRecord, requireList, requireRecord, requireText } from './json-fields.ts';
import type { WeightTable } from './weights/read-weights.ts';

const MAX_CLASSES = 10_000;
const MAX_LABEL_LENGTH = 1000;

/** True for a layers model of the build every image export of Teachable Machine has: a Sequential of two Sequentials. */
export function isTeachableMachineTopology(topology: JsonRecord): boolean {
  const parts = layersOf(topology).map(classOf);
  return classOf(topology) === 'Sequential' && parts.length === 2 && parts.every((part) => part === 'Sequential');
}

/** True for the contents of a `metadata.json` of Teachable Machine or of a program that writes its format. */
export function isTeachableMachineMetadata(metadata: unknown): metadata is JsonRecord {
  return isRecord(metadata) && Array.isArray(field(metadata, 'labels'));
}

/**
 * The head of a Teachable Machine download: dense layers on the feature, the last one a softmax over its labels.
 *
 * @param featureLength of the network below; the head must take just that.
 * @throws GraphError 'backbone-corrupt' when labels are no texts, or there are not as many as the head has outputs.
 */
export function readTeachableMachineHead(
  topology: JsonRecord,
  weights: WeightTable,
  metadata: JsonRecord,
  featureLength: number,
): FoundHead {
  const labels = readLabels(metadata);
  const layers = layersOf(requireRecord(layersOf(topology)[1], 'The head')).filter(
    (layer) => classOf(layer) !== 'Dropout',
  );
  const strange = layers.find((layer) => classOf(layer) !== 'Dense');
  if (strange !== undefined) {
    return {
      labels,
      weights: null,
      reason: `Its head holds a ${classOf(strange)} layer, which Graft's heads do not have.`,
    };
  }
  const dense = layers.map((layer) => readDense(layer, weights));
  const reason = whyUnfit(dense, featureLength);
  if (reason !== null) return { labels, weights: null, reason };
  if (dense.at(-1)?.outputLength !== labels.length) {
    throw corrupt(`metadata.json has ${labels.length} labels, but the head has ${dense.at(-1)?.outputLength} outputs.`);
  }
  return { labels, weights: headOf(dense), reason: null };
}

interface ReadDense extends Omit<DenseWeights, 'activation'> {
  readonly name: string;
  readonly activation: unknown;
}

function readDense(layer: JsonRecord, weights: WeightTable): ReadDense {
  const config = requireRecord(field(layer, 'config'), 'A dense layer');
  const name = requireText(field(config, 'name'), 'The name of a dense layer');
  const kernel = weights.get(`${name}/kernel`);
  const [inputLength = 0, outputLength = 0] = kernel?.shape ?? [];
  if (kernel?.shape.length !== 2) throw corrupt(`The weights of the layer "${name}" lack its kernel.`);
  const bias =
    field(config, 'use_bias') === false ? new Float32Array(outputLength) : weights.get(`${name}/bias`)?.values;
  if (bias?.length !== outputLength) throw corrupt(`The weights of the layer "${name}" lack its bias.`);
  const activation = field(config, 'activation');
  return { name, kernel: kernel.values, bias, inputLength, outputLength, activation };
}

/** Graft's heads are one softmax layer, or one hidden layer with ReLU and a softmax. */
function whyUnfit(dense: readonly ReadDense[], featureLength: number): string | null {
  if (dense.length < 1 || dense.length > 2)
    return `Its head has ${dense.length} dense layers; Graft's have one or two.`;
  let length = featureLength;
  for (const [index, layer] of dense.entries()) {
    const wanted = index === dense.length - 1 ? 'softmax' : 'relu';
    if (layer.activation !== wanted)
      return `The layer "${layer.name}" of its head ends in ${String(layer.activation)}, not in ${wanted}.`;
    if (layer.inputLength !== length)
      throw corrupt(`The layer "${layer.name}" takes ${layer.inputLength} numbers, but gets ${length}.`);
    length = layer.outputLength;
  }
  return null;
}

function headOf(dense: readonly ReadDense[]): HeadWeights {
  return {
    layers: dense.map(({ kernel, bias, inputLength, outputLength }, index) => ({
      kernel,
      bias,
      inputLength,
      outputLength,
      activation: index === dense.length - 1 ? 'softmax' : 'relu',
    })),
  };
}

function readLabels(metadata: JsonRecord): string[] {
  const labels = requireList(field(metadata, 'labels'), 'The labels in metadata.json');
  if (labels.length > MAX_CLASSES) throw corrupt(`metadata.json has ${labels.length} labels.`);
  return labels.map((label) => {
    const text = requireText(label, 'A label in metadata.json');
    if (text.length > MAX_LABEL_LENGTH) throw corrupt(`A label in metadata.json is ${text.length} characters long.`);
    return text;
  });
}

function classOf(entry: unknown): unknown {
  return isRecord(entry) ? field(entry, 'class_name') : undefined;
}

/** The layers of a Sequential; empty where it lists none. */
function layersOf(container: JsonRecord): JsonRecord[] {
  const config = field(container, 'config');
  const list = isRecord(config) ? field(config, 'layers') : config;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
