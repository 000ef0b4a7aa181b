import type { Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import { field, isRecord, type JsonRecord, requireText } from '../json-fields.ts';
import type { KerasLayerWeights } from '../model-proposal.ts';
import type { WeightTable } from '../weights/read-weights.ts';

/** Names of the weights of each kind of layer in the order Keras keeps them in; the bias last, and not always there. */
const WEIGHT_ORDER: ReadonlyMap<string, readonly string[]> = new Map([
  ['Conv2D', ['kernel', 'bias']],
  ['Dense', ['kernel', 'bias']],
  ['DepthwiseConv2D', ['depthwise_kernel', 'bias']],
  ['SeparableConv2D', ['depthwise_kernel', 'pointwise_kernel', 'bias']],
  ['BatchNormalization', ['gamma', 'beta', 'moving_mean', 'moving_variance']],
]);

const NAMES = new Set([...WEIGHT_ORDER.values()].flat().concat('mean', 'variance', 'count'));

/** A layer as the description has it, with whether it is a model with layers of its own. */
interface KnownLayer {
  readonly className: string;
  readonly isModel: boolean;
}

/**
 * The weights of a Keras file as `layer/weight`, under the names tfjs gives them: `conv1/depthwise_kernel`.
 *
 * @param topology `{ class_name, config }` of the network the weights are for.
 * @throws GraphError naming the weight when it is not finite, or when two layers share a name.
 */
export function kerasWeightTable(layers: readonly KerasLayerWeights[], topology: JsonRecord): WeightTable {
  const known = new Map<string, KnownLayer>();
  collectLayers(topology, known, 0);
  const table = new Map<string, Weight>();
  for (const { layerName, weights } of layers) {
    const layer = known.get(layerName);
    weights.forEach(({ name, weight }, index) => {
      const owner = layer?.isModel === true ? ownerOf(name) : layerName;
      const className = known.get(owner)?.className ?? '';
      const key = `${owner}/${weightName(name, index, className, layer?.isModel === true)}`;
      if (table.has(key))
        throw unsupported(`Two of the file's weights are both "${key}", so it is unclear whose they are.`);
      if (!weight.values.every(Number.isFinite))
        throw corrupt(`The weights "${name}" hold values that are not numbers.`);
      table.set(key, weight);
    });
  }
  return table;
}

/** Weights of a nested model are listed together; each name begins with its layer's: `block1_conv1/kernel:0`. */
function ownerOf(name: string): string {
  return name.split('/').at(-2) ?? name;
}

/** Old files have made-up names such as `block1_conv1_W_1:0`: then the place in the list says what it is. */
function weightName(name: string, index: number, className: string, isNested: boolean): string {
  const written = (name.split('/').at(-1) ?? name).replace(/:0$/, '');
  if (className === 'DepthwiseConv2D' && written === 'kernel') return 'depthwise_kernel';
  if (NAMES.has(written) || isNested) return written;
  return WEIGHT_ORDER.get(className)?.[index] ?? written;
}

const MAX_DEPTH = 16;

function collectLayers(container: JsonRecord, known: Map<string, KnownLayer>, depth: number): void {
  const config = field(container, 'config');
  const list = isRecord(config) ? field(config, 'layers') : config;
  if (!Array.isArray(list) || depth > MAX_DEPTH) return;
  for (const entry of list) {
    if (!isRecord(entry)) continue;
    const inner = field(entry, 'config');
    const name = field(entry, 'name') ?? (isRecord(inner) ? field(inner, 'name') : undefined);
    const className = requireText(field(entry, 'class_name'), 'The kind of a layer');
    const isModel = Array.isArray(isRecord(inner) ? field(inner, 'layers') : inner);
    if (typeof name === 'string') known.set(name, { className, isModel });
    if (isModel) collectLayers(entry, known, depth + 1);
  }
}
