import type { Dataset, Group } from 'h5wasm';
import type { KerasContents, KerasLayerWeights } from '../graph/model-proposal.ts';

const MAX_LAYERS = 5000;
const MAX_WEIGHTS = 20_000;
const MAX_RANK = 8;
/** HDF5's number for floating-point types. */
const FLOAT = 1;

/** A file that is understood well enough to say what is wrong with it. */
export class Refusal extends Error {
  constructor(
    readonly code: 'backbone-corrupt' | 'backbone-unsupported',
    message: string,
  ) {
    super(message);
  }
}

const corrupt = (message: string) => new Refusal('backbone-corrupt', message);
const unsupported = (message: string) => new Refusal('backbone-unsupported', message);

/** Text of an attribute; null where there is none. */
function readText(group: Group, name: string, fileBytes: number): string | null {
  const attribute = group.attrs[name];
  if (attribute === undefined) return null;
  requireModest(attribute.metadata, name, fileBytes);
  const { value } = attribute;
  if (typeof value !== 'string') throw corrupt(`The attribute "${name}" is no text.`);
  return value;
}

/** An attribute is never compressed, so it cannot have more bytes than the file. */
function requireModest(
  { size, total_size }: { readonly size: number; readonly total_size: number },
  name: string,
  fileBytes: number,
): void {
  if (size * total_size > fileBytes) throw corrupt(`The attribute "${name}" is too large.`);
}

/** A list of names; Keras cuts long ones into `name0`, `name1` and so on. */
function readNames(group: Group, name: string, fileBytes: number): string[] {
  const { attrs } = group;
  const parts =
    name in attrs
      ? [name]
      : Object.keys(attrs)
          .filter((key) => isPart(key, name))
          .sort(byNumber);
  const names = parts.flatMap((part) => {
    const attribute = attrs[part];
    if (attribute === undefined) return [];
    requireModest(attribute.metadata, part, fileBytes);
    const { value } = attribute;
    // A list without entries is an empty array of numbers.
    return Array.isArray(value) ? value.map(String) : [];
  });
  if (names.length > MAX_WEIGHTS) throw unsupported(`"${name}" lists more than ${MAX_WEIGHTS} names.`);
  return names;
}

function isPart(key: string, name: string): boolean {
  return key.startsWith(name) && /^\d+$/.test(key.slice(name.length));
}

function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

/** Counts what the file says it holds: without compression that cannot be more than the file has. */
class Budget {
  private leftBytes: number;

  constructor(fileBytes: number) {
    this.leftBytes = fileBytes;
  }

  take(sizeBytes: number, name: string): void {
    this.leftBytes -= sizeBytes;
    if (this.leftBytes < 0) throw corrupt(`The weights "${name}" claim more data than the file has.`);
  }
}

function isGroup(entity: unknown): entity is Group {
  return typeof entity === 'object' && entity !== null && 'type' in entity && entity.type === 'Group';
}

function isDataset(entity: unknown): entity is Dataset {
  return typeof entity === 'object' && entity !== null && 'type' in entity && entity.type === 'Dataset';
}

function readWeight(layer: Group, name: string, budget: Budget): KerasLayerWeights['weights'][number] {
  const dataset = layer.get(name);
  if (!isDataset(dataset)) throw corrupt(`The weights "${name}" are listed, but not in the file.`);
  const { metadata } = dataset;
  const shape = metadata.shape ?? [];
  if (metadata.type !== FLOAT) throw unsupported(`The weights "${name}" are no floating-point numbers.`);
  if (shape.length > MAX_RANK) throw corrupt(`The weights "${name}" have ${shape.length} dimensions.`);
  if (dataset.filters.length > 0 || metadata.virtual_sources !== undefined) {
    throw unsupported(
      `The weights "${name}" are compressed, which cannot be read. Save the model without compression.`,
    );
  }
  budget.take(
    shape.reduce((product, side) => product * side, metadata.size),
    name,
  );
  const { value } = dataset;
  if (!(value instanceof Float32Array || value instanceof Float64Array)) {
    throw unsupported(`The weights "${name}" are not float32 or float64.`);
  }
  return { name, weight: { shape, values: Float32Array.from(value) } };
}

function readLayers(root: Group, fileBytes: number, onWeight: () => void): KerasLayerWeights[] {
  const budget = new Budget(fileBytes);
  const names = readNames(root, 'layer_names', fileBytes);
  if (names.length > MAX_LAYERS) throw unsupported(`The file has more than ${MAX_LAYERS} layers.`);
  let weightCount = 0;
  return names.map((layerName) => {
    const layer = root.get(layerName);
    if (!isGroup(layer)) throw corrupt(`The layer "${layerName}" is listed, but not in the file.`);
    const weightNames = readNames(layer, 'weight_names', fileBytes);
    weightCount += weightNames.length;
    if (weightCount > MAX_WEIGHTS) throw unsupported(`The file has more than ${MAX_WEIGHTS} weights.`);
    const weights = weightNames.map((name) => {
      const weight = readWeight(layer, name, budget);
      onWeight();
      return weight;
    });
    return { layerName, weights };
  });
}

/**
 * The network's description and its weights. Nothing is read before its size is known to be possible.
 *
 * @param file the root of the opened file.
 * @param fileBytes its size.
 * @param onWeight called after each weight.
 * @throws Refusal naming the attribute or weight; whatever the HDF5 library throws on a damaged file.
 */
export function readKerasContents(file: Group, fileBytes: number, onWeight: () => void): KerasContents {
  const config = readText(file, 'model_config', fileBytes);
  const held = config === null ? file : file.get('model_weights');
  if (!isGroup(held)) throw corrupt('The file has no weights: the group "model_weights" is missing.');
  if (config === null && !hasLayerNames(file)) {
    throw unsupported(
      isGroup(file.get('layers'))
        ? 'The file holds only weights, without the names of their layers. Save the whole model as .h5 instead.'
        : 'This is an HDF5 file, but no model of Keras.',
    );
  }
  return {
    modelConfig: config === null ? null : parse(config),
    kerasVersion: readText(file, 'keras_version', fileBytes) ?? readText(held, 'keras_version', fileBytes),
    layers: readLayers(held, fileBytes, onWeight),
  };
}

function hasLayerNames({ attrs }: Group): boolean {
  return Object.keys(attrs).some((key) => key === 'layer_names' || isPart(key, 'layer_names'));
}

function parse(config: string): unknown {
  try {
    return JSON.parse(config);
  } catch {
    throw corrupt('The description of the network in the file ("model_config") is not readable JSON.');
  }
}
