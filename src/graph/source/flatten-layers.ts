import { corrupt, unsupported } from '../graph-error.ts';
import { field, isRecord, type JsonRecord, requireList, requireRecord, requireText } from '../json-fields.ts';
import { type LayerCall, type LayerSource, type Operand, readCalls } from './layer-calls.ts';

/** One call of a layer of a tfjs layers model, nested models opened. `same` stands for the border of a nested model. */
export interface LayerRecord {
  /** The layer's name, with the names of the models around it in front: `model1/Conv1`; its second call: `model1/Conv1:1`. */
  readonly id: string;
  /** The layer's own name, which its weights carry. */
  readonly name: string;
  readonly className: string;
  readonly config: JsonRecord;
  readonly inputs: readonly string[];
  /** A number the call joins its input with; null where there is none. */
  readonly operand: Operand | null;
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

/** A call before its layer is added: ids of what it takes, and its own id, without the scope. */
interface PlacedCall {
  readonly callName: string;
  readonly inputs: readonly string[];
  readonly operand: Operand | null;
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
  const config = requireRecord(field(frame.container, 'config'), 'A model');
  const inputNames = endsOf(config, 'input_layers').map(({ layerName }) => layerName);
  const { listed, idOf } = listCalls(frame.container);
  for (const { layer, calls } of listed) {
    const feed = frame.feeds?.[inputNames.indexOf(layer.name)];
    const isFed = layer.className === 'InputLayer' && frame.feeds !== null;
    if (isFed && feed === undefined) throw corrupt(`Nothing is connected to the input "${layer.name}".`);
    const placed = isFed || calls.length === 0 ? [NO_CALL] : calls;
    placed.forEach((call, index) => {
      const taken = call.sources.map((source) => `${frame.scope}${idOf(source)}`);
      const inputs = isFed && feed !== undefined ? [feed] : taken;
      addLayer(opened, frame, layer, { callName: callName(layer.name, index), inputs, operand: call.operand }, isFed);
    });
  }
  return opened;
}

/** A layer that takes nothing, such as an input, still stands once. */
const NO_CALL: LayerCall = { sources: [], operand: null };

function callName(layerName: string, callIndex: number): string {
  return callIndex === 0 ? layerName : `${layerName}:${callIndex}`;
}

/** The layers of a functional model with their calls, and how the value of a call is named. */
interface CallList {
  readonly listed: readonly { readonly layer: ListedLayer; readonly calls: readonly LayerCall[] }[];
  readonly idOf: (source: LayerSource) => string;
}

/** Nested models count a first call, made when they were built, which is not listed. */
function listCalls(container: JsonRecord): CallList {
  const listed = listLayers(container).map((layer) => ({ layer, calls: readCalls(layer.entry, layer.name) }));
  const counts = new Map(listed.map(({ layer, calls }) => [layer.name, Math.max(1, calls.length)]));
  const config = requireRecord(field(container, 'config'), 'A model');
  const highest = new Map<string, number>();
  const sources = listed.flatMap(({ calls }) => calls.flatMap((call) => call.sources));
  for (const { layerName, callIndex } of [...sources, ...endsOf(config, 'output_layers')]) {
    highest.set(layerName, Math.max(callIndex, highest.get(layerName) ?? 0));
  }
  const idOf = ({ layerName, callIndex }: LayerSource) => {
    const unlisted = Math.max(0, (highest.get(layerName) ?? 0) + 1 - (counts.get(layerName) ?? 1));
    return callName(layerName, Math.max(0, callIndex - unlisted));
  };
  return { listed, idOf };
}

function openSequential(frame: Frame): Opened {
  const opened: Opened = { layers: [], nested: [] };
  let previous: readonly string[] | null = frame.feeds;
  for (const layer of listLayers(frame.container)) {
    const isInput = layer.className === 'InputLayer';
    if (previous === null && !isInput && !CONTAINERS.has(layer.className)) {
      const id = `${frame.scope}${layer.name}/input`;
      opened.layers.push({ id, name: id, className: 'InputLayer', config: layer.config, inputs: [], operand: null });
      previous = [id];
    }
    const call = { callName: layer.name, inputs: previous ?? [], operand: null };
    addLayer(opened, frame, layer, call, isInput && previous !== null);
    previous = [`${frame.scope}${layer.name}`];
  }
  return opened;
}

/** `passes`: the layer is an input of a nested model, so it only hands on what comes from outside. */
function addLayer(opened: Opened, frame: Frame, layer: ListedLayer, call: PlacedCall, passes: boolean): void {
  const { name, config } = layer;
  const { inputs, operand } = call;
  const id = `${frame.scope}${call.callName}`;
  if (opened.layers.length > MAX_NODES) throw unsupported(`The model has more than ${MAX_NODES} layers.`);
  if (!CONTAINERS.has(layer.className)) {
    opened.layers.push({ id, name, className: passes ? BORDER : layer.className, config, inputs, operand });
    return;
  }
  const scope = `${id}/`;
  const feeds = inputs.length === 0 ? null : inputs;
  opened.nested.push({ container: layer.entry, scope, depth: frame.depth + 1, feeds });
  const output = outputOf(layer.entry, scope);
  opened.layers.push({ id, name, className: BORDER, config: {}, inputs: [output], operand: null });
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
  if (list.length > MAX_NODES) throw unsupported(`The model has more than ${MAX_NODES} layers.`);
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
  const ends = endsOf(requireRecord(field(container, 'config'), 'A model'), 'output_layers');
  const [only] = ends;
  if (ends.length !== 1 || only === undefined) {
    throw unsupported(`The model has ${ends.length} outputs; name one of them as its feature layer.`);
  }
  return `${scope}${listCalls(container).idOf(only)}`;
}

/** The ends in `input_layers` or `output_layers`: [["name", call, 0], ...], or one such triple by itself. */
function endsOf(config: JsonRecord, key: string): LayerSource[] {
  const list = requireList(field(config, key), `"${key}" of a model`);
  const triples = typeof list[0] === 'string' ? [list] : list;
  return triples.map((triple) => {
    const [name, callIndex] = requireList(triple, `"${key}" of a model`);
    return {
      layerName: requireText(name, 'The name of a layer'),
      callIndex: callIndex === undefined ? 0 : Number(callIndex),
    };
  });
}
