import type { Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import { field, isRecord, type JsonRecord, requireList, requireRecord, requireText } from '../json-fields.ts';
import type { WeightTable } from '../weights/read-weights.ts';
import { NodeAttributes } from './node-attributes.ts';
import { NODE_CONVERTERS, type NodeContext } from './node-ops.ts';
import type { SourceGraph, SourceNode } from './source-graph.ts';

interface TfNode {
  readonly name: string;
  readonly op: string;
  /** Names of nodes, without output numbers and without control inputs. */
  readonly inputs: readonly string[];
  readonly attributes: unknown;
}

const MAX_NODES = 5000;

/** Longest chain of identities followed to a constant; a ring of them ends here too. */
const MAX_IDENTITIES = 64;

/** Operations that give no value anybody could want as a feature. */
const WITHOUT_VALUE = new Set(['NoOp', 'Assert', 'Const']);

/**
 * A tfjs graph model as one graph.
 *
 * @param model the whole `model.json`.
 * @param topology its `modelTopology`.
 * @param inputSide px, from the manifest; the network's own input must agree where it says one.
 */
export function readGraphModel(
  model: JsonRecord,
  topology: JsonRecord,
  weights: WeightTable,
  inputSide: number,
): SourceGraph {
  const tfNodes = readNodes(topology);
  const constants = resolveConstants(tfNodes, weights);
  const nodes = new Map<string, SourceNode>();
  for (const node of tfNodes.values()) {
    if (node.op === 'Const' || constants.has(node.name)) continue;
    const context: NodeContext = {
      name: node.name,
      attributes: new NodeAttributes(node.name, node.attributes),
      constants: node.inputs.map((input) => constants.get(input) ?? null),
      inputSide,
    };
    const inputs = node.inputs.filter((input) => !constants.has(input));
    nodes.set(node.name, { id: node.name, inputs, convert: (shapes) => convert(node, context, shapes) });
  }
  return { nodes, outputId: findOutput(model, tfNodes) };
}

function convert(node: TfNode, context: NodeContext, shapes: Parameters<SourceNode['convert']>[0]) {
  const converter = NODE_CONVERTERS.get(node.op);
  if (converter === undefined) throw unsupported(`The node "${node.name}" is a ${node.op}, which cannot be read.`);
  return converter(context, shapes);
}

function readNodes(topology: JsonRecord): Map<string, TfNode> {
  const list = requireList(field(topology, 'node'), 'The list of nodes');
  if (list.length > MAX_NODES) throw unsupported(`The model has more than ${MAX_NODES} nodes.`);
  const nodes = new Map<string, TfNode>();
  for (const item of list) {
    const entry = requireRecord(item, 'A node');
    const name = requireText(field(entry, 'name'), 'The name of a node');
    if (nodes.has(name)) throw corrupt(`Two nodes have the name "${name}".`);
    const op = requireText(field(entry, 'op'), `The operation of "${name}"`);
    const inputs = requireList(field(entry, 'input') ?? [], `The inputs of "${name}"`).map((input) =>
      requireText(input, `An input of "${name}"`),
    );
    nodes.set(name, { name, op, inputs: dataInputs(inputs, name), attributes: field(entry, 'attr') });
  }
  return nodes;
}

/** "^name" only orders execution; "name:0" is the first output of "name". */
function dataInputs(inputs: readonly string[], name: string): string[] {
  return inputs
    .filter((input) => !input.startsWith('^'))
    .map((input) => {
      const [source = '', output = '0'] = input.split(':');
      if (output !== '0') throw unsupported(`"${name}" takes a second output of "${source}", which cannot be read.`);
      return source;
    });
}

/** Values of Const nodes and of identities of them. */
function resolveConstants(nodes: ReadonlyMap<string, TfNode>, weights: WeightTable): Map<string, Weight> {
  const constants = new Map<string, Weight>();
  for (const node of nodes.values()) {
    let source: TfNode | undefined = node;
    for (let step = 0; step < MAX_IDENTITIES && source?.op === 'Identity'; step += 1) {
      source = nodes.get(source.inputs[0] ?? '');
    }
    const weight = source?.op === 'Const' ? weights.get(source.name) : undefined;
    if (weight !== undefined) constants.set(node.name, weight);
    else if (source?.op === 'Const') throw corrupt(`The constant "${source.name}" has no data.`);
  }
  return constants;
}

/** The one output of the signature, or else the one node nobody takes from. */
function findOutput(model: JsonRecord, nodes: ReadonlyMap<string, TfNode>): string {
  const signature = field(model, 'signature');
  const outputs = isRecord(signature) ? field(signature, 'outputs') : undefined;
  const names = isRecord(outputs) ? signatureNames(outputs) : leaves(nodes);
  const [only] = names;
  if (names.length !== 1 || only === undefined) {
    throw unsupported(`The model has ${names.length} outputs; name one of its nodes as its feature layer.`);
  }
  return only;
}

function signatureNames(outputs: JsonRecord): string[] {
  return Object.keys(outputs).map((key) => {
    const name = requireText(field(requireRecord(field(outputs, key), 'An output'), 'name'), 'The name of an output');
    return name.replace(/:0$/, '');
  });
}

function leaves(nodes: ReadonlyMap<string, TfNode>): string[] {
  const taken = new Set([...nodes.values()].flatMap((node) => node.inputs));
  return [...nodes.values()]
    .filter((node) => !taken.has(node.name) && !WITHOUT_VALUE.has(node.op))
    .map((node) => node.name);
}
