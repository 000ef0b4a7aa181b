import type { Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import { field, isRecord, type JsonRecord } from '../json-fields.ts';
import type { WeightTable } from '../weights/read-weights.ts';
import type { HardSigmoidSlope } from './activation-ops.ts';
import { flattenLayers, type LayerRecord } from './flatten-layers.ts';
import { LAYER_CONVERTERS } from './layer-ops.ts';
import type { SourceGraph, SourceNode } from './source-graph.ts';

/**
 * A tfjs layers model, nested models opened, as one graph.
 *
 * @param topology `modelTopology` of the file; its `keras_version` says what a hard sigmoid is.
 * @param inputSide px, from the manifest; the network's own input must agree where it says one.
 */
export function readLayersModel(topology: JsonRecord, weights: WeightTable, inputSide: number): SourceGraph {
  const wrapped = field(topology, 'model_config');
  const { layers, outputId } = flattenLayers(isRecord(wrapped) ? wrapped : topology);
  const byName = shortNames(weights);
  const model = { weights: byName, inputSide, hardSigmoidSlope: slopeOf(topology) };
  const nodes = new Map<string, SourceNode>();
  for (const layer of layers) {
    if (nodes.has(layer.id)) throw corrupt(`Two layers have the name "${layer.id}".`);
    nodes.set(layer.id, { id: layer.id, inputs: layer.inputs, convert: converterOf(layer, model) });
  }
  return { nodes, outputId };
}

/** Keras 3 changed what its hard sigmoid computes; tfjs never did. */
function slopeOf(topology: JsonRecord): HardSigmoidSlope {
  const version = field(topology, 'keras_version');
  const major = typeof version === 'string' ? /^(\d+)\./.exec(version)?.[1] : undefined;
  return Number(major ?? 0) >= 3 ? 'sixth' : 'fifth';
}

interface LayersModel {
  readonly weights: WeightTable;
  readonly inputSide: number;
  readonly hardSigmoidSlope: HardSigmoidSlope;
}

function converterOf(layer: LayerRecord, model: LayersModel): SourceNode['convert'] {
  const { name, className, config, operand } = layer;
  const { weights, ...facts } = model;
  const weight = (...suffixes: readonly string[]): Weight => {
    const found = suffixes.flatMap((suffix) => weights.get(`${name}/${suffix}`) ?? [])[0];
    if (found === undefined) throw corrupt(`The weights of the layer "${name}" lack its ${suffixes[0]}.`);
    return found;
  };
  return (inputShapes) => {
    const convert = LAYER_CONVERTERS.get(className);
    if (convert === undefined) throw unsupported(`The layer "${name}" is a ${className}, which cannot be read.`);
    return convert({ name, config, operand, weight, ...facts }, inputShapes);
  };
}

/** Weights under `layer/weight` as well when they are stored as `layer/cell/weight` or `layer/weight:0`. */
function shortNames(weights: WeightTable): WeightTable {
  const names = new Map<string, Weight>();
  for (const [name, weight] of weights) {
    const parts = name.replace(/:0$/, '').split('/');
    if (parts.length > 2) names.set([...parts.slice(0, -2), ...parts.slice(-1)].join('/'), weight);
  }
  for (const [name, weight] of weights) names.set(name.replace(/:0$/, ''), weight);
  return names;
}
