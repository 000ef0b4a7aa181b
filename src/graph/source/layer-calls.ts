import { corrupt, unsupported } from '../graph-error.ts';
import { field, isRecord, type JsonRecord, requireList, requireText } from '../json-fields.ts';

/** A value another layer gives: the layer's own name and which of its calls. */
export interface LayerSource {
  readonly layerName: string;
  readonly callIndex: number;
}

/** A number joined with the one computed input of an arithmetic layer. */
export interface Operand {
  readonly value: number;
  /** It stands before the computed input: 3 - x. */
  readonly isFirst: boolean;
}

/** One use of a layer. */
export interface LayerCall {
  readonly sources: readonly LayerSource[];
  readonly operand: Operand | null;
}

/** Arguments nested deeper than this are no tensors any more. */
const MAX_DEPTH = 4;

const MAX_CALLS = 5000;

/** Values looked at for one layer. */
const MAX_ARGUMENTS = 10_000;

/** What is found among the arguments of one layer's calls, and how many values may still be looked at. */
interface Search {
  readonly name: string;
  left: number;
  found: (LayerSource | number)[];
}

function look(search: Search): void {
  search.left -= 1;
  if (search.left < 0) throw unsupported(`"${search.name}" takes more than ${MAX_ARGUMENTS} values.`);
}

/**
 * The uses of a layer, from its `inbound_nodes`: `[[["name", call, output, {}], ...], ...]` as Keras 1, 2 and tfjs write
 * it, one such quadruple without its list for functions used as layers, or `[{ args, kwargs }, ...]` as Keras 3 does.
 *
 * @throws GraphError when an input is a second output, or is written in an unknown way.
 */
export function readCalls(entry: JsonRecord, name: string): LayerCall[] {
  const calls = requireList(field(entry, 'inbound_nodes') ?? [], `The inputs of "${name}"`);
  if (calls.length > MAX_CALLS) throw unsupported(`The layer "${name}" is used more than ${MAX_CALLS} times.`);
  const search: Search = { name, left: MAX_ARGUMENTS, found: [] };
  return calls.map((call) => {
    search.found = [];
    if (isRecord(call)) {
      collectKeras3(field(call, 'args'), search, 0);
      collectKeras3(field(call, 'kwargs'), search, 0);
    } else {
      collectKeras2(requireList(call, `The inputs of "${name}"`), search);
    }
    return toCall(search);
  });
}

function toCall({ found, name }: Search): LayerCall {
  const sources = found.filter((item) => typeof item !== 'number');
  const [value, ...more] = found.filter((item) => typeof item === 'number');
  if (value === undefined) return { sources, operand: null };
  if (more.length > 0 || sources.length !== 1) {
    throw unsupported(`"${name}" takes numbers in a way that cannot be read.`);
  }
  return { sources, operand: { value, isFirst: typeof found[0] === 'number' } };
}

function collectKeras2(call: readonly unknown[], search: Search): void {
  const { name, found } = search;
  const quadruples = typeof call[0] === 'string' ? [call] : call;
  for (const item of quadruples) {
    look(search);
    const quadruple = requireList(item, `An input of "${name}"`);
    if (quadruple[0] === '_CONSTANT_VALUE' && typeof quadruple[2] === 'number') found.push(quadruple[2]);
    else found.push(toSource(quadruple, name));
    const options = quadruple[3];
    const second = isRecord(options) ? field(options, 'y') : undefined;
    if (typeof second === 'number') found.push(second);
    else if (Array.isArray(second)) found.push(toSource(second, name));
  }
}

function toSource(reference: readonly unknown[], name: string): LayerSource {
  const [layer, callIndex, output] = reference;
  if (output !== 0) throw unsupported(`"${name}" takes a second output, which cannot be read.`);
  if (typeof callIndex !== 'number' || !Number.isInteger(callIndex) || callIndex < 0) {
    throw corrupt(`An input of "${name}" names no call of its layer.`);
  }
  return { layerName: requireText(layer, `An input of "${name}"`), callIndex };
}

/** Tensors stand as records with a history, in whatever lists the call had them. */
function collectKeras3(value: unknown, search: Search, depth: number): void {
  const { name, found } = search;
  look(search);
  if (typeof value === 'number') found.push(value);
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collectKeras3(item, search, depth + 1);
  } else if (isRecord(value) && field(value, 'class_name') === '__keras_tensor__') {
    const config = field(value, 'config');
    const history = isRecord(config) ? field(config, 'keras_history') : undefined;
    found.push(toSource(requireList(history, `An input of "${name}"`), name));
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) collectKeras3(field(value, key), search, depth + 1);
  }
}
