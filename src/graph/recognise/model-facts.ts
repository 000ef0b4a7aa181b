import { field, isRecord, type JsonRecord, requireList, requireRecord } from '../json-fields.ts';
import { flattenLayers } from '../source/flatten-layers.ts';

/** What can be told of a network before its weights are read. */
export interface ModelFacts {
  /** Names of layers or nodes, in the file's order. */
  readonly names: readonly string[];
  /** Kinds of layers or operations, in the same order. */
  readonly kinds: readonly string[];
  /** Side of the square input, px; null where the network takes any. */
  readonly fixedSide: number | null;
}

/** @throws GraphError when the topology of a layers model is not understood. */
export function layersModelFacts(topology: JsonRecord): ModelFacts {
  const wrapped = field(topology, 'model_config');
  const { layers } = flattenLayers(isRecord(wrapped) ? wrapped : topology);
  const inputs = layers.filter(({ className }) => className === 'InputLayer');
  const sides = inputs.map(({ config }) => sideOf(field(config, 'batch_input_shape') ?? field(config, 'batch_shape')));
  return {
    names: layers.map(({ name }) => name),
    kinds: layers.map(({ className }) => className),
    fixedSide: sides.find((side) => side !== null) ?? null,
  };
}

/** @throws GraphError 'backbone-corrupt' when the list of nodes is not one. */
export function graphModelFacts(topology: JsonRecord): ModelFacts {
  const nodes = requireList(field(topology, 'node'), 'The list of nodes').map((node) => requireRecord(node, 'A node'));
  const text = (node: JsonRecord, key: string) => String(field(node, key) ?? '');
  const sides = nodes
    .filter((node) => text(node, 'op') === 'Placeholder')
    .map((node) => sideOf(placeholderShape(node)));
  return {
    names: nodes.map((node) => text(node, 'name')),
    kinds: nodes.map((node) => text(node, 'op')),
    fixedSide: sides.find((side) => side !== null) ?? null,
  };
}

/** [batch, height, width, channels] as lists of numbers, texts of numbers or nulls. */
function sideOf(shape: unknown): number | null {
  const height = Array.isArray(shape) && shape.length === 4 ? Number(shape[1] ?? Number.NaN) : Number.NaN;
  return Number.isInteger(height) && height > 0 ? height : null;
}

function placeholderShape(node: JsonRecord): unknown {
  const path = ['attr', 'shape', 'shape', 'dim'];
  const dimensions = path.reduce<unknown>((value, key) => (isRecord(value) ? field(value, key) : undefined), node);
  return Array.isArray(dimensions) ? dimensions.map((size) => (isRecord(size) ? field(size, 'size') : null)) : null;
}
