import { corrupt, unsupported } from '../graph-error.ts';
import { field, isRecord, type JsonRecord, requireList, requireRecord, requireText } from '../json-fields.ts';

/** One layer of a tfjs layers model, nested models opened. `same` stands for the border of a nested model. */
export interface LayerRecord {
  /** The layer's name, with the names of the models around it in front: `model1/Conv1`. */
  readonly id: string;
  /** The layer's own name, which its weights carry. */
  readonly name: string;
  readonly className: string;
  readonly config: JsonRecord;
  readonly inputs: readonly string[];
}

/** All layers of a model and which of them gives its output. */
export interface FlatLayers {
  readonly layers: readonly LayerRecord[];
  readonly outputId: string;
}

/** Class of the records that only pass a value through the border of a nested model. */
const BORDER = 'same';

const MAX_NODES = 5000;
const MAX_DEPTH = 16;
const CONTAINERS = new Set(['Sequential', 'Model', 'Functional']);

/** A model still to be opened. `feeds`: what its inputs get from outside; null for the outermost model. */
interface Frame {
  readonly container: JsonRecord;
  readonly scope: string;
  readonly depth: number;
  readonly feeds: readonly string[] | null;
}

/** A layer as its model lists it. */
interface ListedLayer {
  readonly entry: JsonRecord;
  readonly name: string;
  readonly className: string;
  readonly config: JsonRecord;
}

/**
 * Opens a model and everything nested in it into one list of layers.
 *
 * @param topology `{ class_name, config }` of a Sequential, Model or Functional.
 * @throws GraphError when it is too deep, too large or not understood.
 */
export function flattenLayers(topology: JsonRecord): FlatLayers {
  const layers: LayerRecord[] = [];
  const frames: Frame[] = [{ container: topology, scope: '', depth: 1, feeds: null }];
  for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) {
    if (frame.depth > MAX_DEPTH) throw unsupported(`Models are nested more than ${MAX_DEPTH} deep.`);
    const opened = isSequential(frame.container) ? openSequential(frame) : openFunctional(frame);
    layers.push(...opened.layers);
    frames.push(...opened.nested);
    if (layers.length + frames.length > MAX_NODES) throw unsupported(`The model has more than ${MAX_NODES} layers.`);
  }
  return { layers, outputId: outputOf(topology, '') };
}

interface Opened {
  readonly layers: LayerRecord[];
  readonly nested: Frame[];
}

function openFunctional(frame: Frame): Opened {
  const opened: Opened = { layers: [], nested: [] };
  const inputNames = endNames(requireRecord(field(frame.container, 'config'), 'A model'), 'input_layers');
  for (const layer of listLayers(frame.container)) {
    const inbound = readInbound(layer, frame.scope);
    const feed = frame.feeds?.[inputNames.indexOf(layer.name)];
    const isFed = layer.className === 'InputLayer' && frame.feeds !== null;
    if (isFed && feed === undefined) throw corrupt(`Nothing is connected to the input "${layer.name}".`);
    addLayer(opened, frame, layer, isFed && feed !== undefined ? [feed] : inbound, isFed);
  }
  return opened;
}

function openSequential(frame: Frame): Opened {
  const opened: Opened = { layers: [], nested: [] };
  let previous: readonly string[] | null = frame.feeds;
  for (const layer of listLayers(frame.container)) {
    const isInput = layer.className === 'InputLayer';
    if (previous === null && !isInput && !CONTAINERS.has(layer.className)) {
      const id = `${frame.scope}${layer.name}/input`;
      opened.layers.push({ id, name: id, className: 'InputLayer', config: layer.config, inputs: [] });
      previous = [id];
    }
    addLayer(opened, frame, layer, previous ?? [], isInput && previous !== null);
    previous = [`${frame.scope}${layer.name}`];
  }
  return opened;
}

/** `passes`: the layer is an input of a nested model, so it only hands on what comes from outside. */
function addLayer(opened: Opened, frame: Frame, layer: ListedLayer, inputs: readonly string[], passes: boolean): void {
  const { name, config } = layer;
  const id = `${frame.scope}${name}`;
  if (!CONTAINERS.has(layer.className)) {
    opened.layers.push({ id, name, className: passes ? BORDER : layer.className, config, inputs });
    return;
  }
  const scope = `${id}/`;
  const feeds = inputs.length === 0 ? null : inputs;
  opened.nested.push({ container: layer.entry, scope, depth: frame.depth + 1, feeds });
  opened.layers.push({ id, name, className: BORDER, config: {}, inputs: [outputOf(layer.entry, scope)] });
}

function isSequential(container: JsonRecord): boolean {
  const className = requireText(field(container, 'class_name'), 'The kind of a model');
  if (!CONTAINERS.has(className)) throw unsupported(`A model of the kind "${className}" cannot be read.`);
  return className === 'Sequential';
}

function listLayers(container: JsonRecord): ListedLayer[] {
  const config = field(container, 'config');
  // The oldest Sequential models have the list itself as their configuration.
  const list = requireList(isRecord(config) ? field(config, 'layers') : config, 'The layers of a model');
  return list.map((item) => {
    const entry = requireRecord(item, 'A layer');
    const layerConfig = field(entry, 'config');
    const options = isRecord(layerConfig) ? layerConfig : {};
    return {
      entry,
      name: requireText(field(entry, 'name') ?? field(options, 'name'), 'The name of a layer'),
      className: requireText(field(entry, 'class_name'), 'The kind of a layer'),
      config: options,
    };
  });
}

function outputOf(container: JsonRecord, scope: string): string {
  if (isSequential(container)) {
    const last = listLayers(container).at(-1);
    if (last === undefined) throw corrupt('A Sequential model has no layers.');
    return `${scope}${last.name}`;
  }
  const names = endNames(requireRecord(field(container, 'config'), 'A model'), 'output_layers');
  const [only] = names;
  if (names.length !== 1 || only === undefined) {
    throw unsupported(`The model has ${names.length} outputs; name one of them as its feature layer.`);
  }
  return `${scope}${only}`;
}

/** Names in `input_layers` or `output_layers`: [["name", 0, 0], ...], or one such triple by itself. */
function endNames(config: JsonRecord, key: string): string[] {
  const list = requireList(field(config, key), `"${key}" of a model`);
  const triples = typeof list[0] === 'string' ? [list] : list;
  return triples.map((triple) => requireText(requireList(triple, `"${key}" of a model`)[0], 'The name of a layer'));
}

/** `inbound_nodes`: one call of the layer, [[["name", nodeIndex, tensorIndex, {}], ...]]. */
function readInbound(layer: ListedLayer, scope: string): string[] {
  const calls = requireList(field(layer.entry, 'inbound_nodes') ?? [], `The inputs of "${layer.name}"`);
  if (calls.length > 1) throw unsupported(`The layer "${layer.name}" is used more than once.`);
  if (calls[0] === undefined) return [];
  if (!Array.isArray(calls[0])) throw unsupported(`The inputs of "${layer.name}" are written in an unknown way.`);
  return requireList(calls[0], `The inputs of "${layer.name}"`).map((source) => {
    const triple = requireList(source, `An input of "${layer.name}"`);
    if (triple[2] !== 0) throw unsupported(`"${layer.name}" takes a second output, which cannot be read.`);
    return `${scope}${requireText(triple[0], `An input of "${layer.name}"`)}`;
  });
}
