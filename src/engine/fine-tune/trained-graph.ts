import type { TunedWeights } from '../../domain/tuned-stages.ts';
import type { FoldedNode } from '../../graph/folded-graph.ts';
import type { UpperGraph } from '../../graph/split-at-stage.ts';
import { activate, computeNode, type NodeWeights } from '../compute-node.ts';
import * as tf from '../tf.ts';
import { needsValueBefore, slopeBefore } from './activation-slope.ts';
import './kernels/register-on-wasm.ts';
import { nodeSlopes } from './node-slopes.ts';

/** Weights on the device, by node name. */
export type WeightsByNode = ReadonlyMap<string, NodeWeights>;

/** What a forward pass keeps for the backward pass. */
export interface ForwardPass {
  /** float32 [batch, featureLength]. */
  readonly features: tf.Tensor2D;
  /** Value of every node. */
  readonly values: ReadonlyMap<string, tf.Tensor>;
  /** Value before the activation, where its slope needs that. */
  readonly valuesBefore: ReadonlyMap<string, tf.Tensor>;
}

/**
 * The upper part of a network, keeping what the backward pass needs. To be called inside a tidy.
 * @param atCut float32 [batch, height, width, channels]. Borrowed.
 */
export function forward({ nodes }: UpperGraph, weights: WeightsByNode, atCut: tf.Tensor4D): ForwardPass {
  const values = new Map<string, tf.Tensor>();
  const valuesBefore = new Map<string, tf.Tensor>();
  let last: tf.Tensor = atCut;
  for (const node of nodes) {
    const inputs = inputsOf(node, values, atCut);
    const own = weights.get(node.name) ?? [];
    if ('activation' in node && needsValueBefore(node.activation)) {
      const before = tf.tidy(() => computeNode({ ...node, activation: 'linear' }, inputs, own));
      valuesBefore.set(node.name, before);
      last = tf.tidy(() => activate(before, node.activation));
    } else {
      last = tf.tidy(() => computeNode(node, inputs, own));
    }
    values.set(node.name, last);
  }
  return { features: last as tf.Tensor2D, values, valuesBefore };
}

/**
 * Slopes of a loss in every weight of the upper part. To be called inside a tidy.
 * @param slope of the loss in the features, float32 [batch, featureLength]. Borrowed.
 */
export function backward(
  { nodes }: UpperGraph,
  weights: WeightsByNode,
  { values, valuesBefore }: ForwardPass,
  slope: tf.Tensor2D,
): Map<string, readonly tf.Tensor[]> {
  const learning = learningNodes(nodes, weights);
  const slopes = new Map<string, tf.Tensor>([[nodes.at(-1)?.name ?? '', slope]]);
  const gradients = new Map<string, readonly tf.Tensor[]>();
  for (const node of nodes.toReversed()) {
    const after = slopes.get(node.name);
    if (after === undefined || !learning.has(node.name)) continue;
    const inputs = inputsOf(node, values, null);
    const output = values.get(node.name);
    if (output === undefined) throw new Error(`Node ${node.name} was not computed`);
    const own = weights.get(node.name) ?? [];
    const wanted = node.inputs.map((name) => learning.has(name));
    const given = tf.tidy(() => {
      const before =
        'activation' in node ? slopeBefore(node.activation, after, valuesBefore.get(node.name) ?? output) : after;
      const passed = nodeSlopes(node, { inputs, output, weights: own, slope: before, wanted });
      // The same name twice, as in x + x, gets both slopes.
      const ofInputs = passed.inputs.flatMap((ofInput, index) =>
        ofInput === null ? [] : [{ name: node.inputs[index] ?? '', slope: ofInput }],
      );
      return { ofInputs, ofWeights: [...passed.weights] };
    });
    if (given.ofWeights.length > 0) gradients.set(node.name, given.ofWeights);
    for (const { name, slope: more } of given.ofInputs) addSlope(slopes, name, more);
    // Done with: every taker of this node came before it here.
    if (after !== slope) after.dispose();
    slopes.delete(node.name);
  }
  return gradients;
}

function addSlope(slopes: Map<string, tf.Tensor>, name: string, more: tf.Tensor): void {
  const present = slopes.get(name);
  if (present === undefined) {
    slopes.set(name, more);
    return;
  }
  slopes.set(name, tf.add(present, more));
  tf.dispose([present, more]);
}

/** Nodes with weights, and all that depend on one: only there slopes are needed. */
function learningNodes(nodes: readonly FoldedNode[], weights: WeightsByNode): ReadonlySet<string> {
  const learning = new Set<string>();
  for (const { name, inputs } of nodes) {
    const hasWeights = (weights.get(name)?.length ?? 0) > 0;
    if (hasWeights || inputs.some((input) => learning.has(input))) learning.add(name);
  }
  return learning;
}

function inputsOf(node: FoldedNode, values: ReadonlyMap<string, tf.Tensor>, atCut: tf.Tensor | null): tf.Tensor[] {
  if (node.op === 'input') return atCut === null ? [] : [atCut];
  return node.inputs.map((name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`Node ${node.name} comes before its input`);
    return value;
  });
}

/** Reads a node's weights back as plain data; the groups of a convolution joined again. */
export async function readWeights(nodeName: string, weights: NodeWeights): Promise<TunedWeights> {
  const join = (tensors: tf.Tensor[]) =>
    tensors.length === 1 ? tf.clone(tensors[0] as tf.Tensor) : tf.concat(tensors, (tensors[0]?.rank ?? 1) - 1);
  const kernel = join(weights.filter((_, index) => index % 2 === 0));
  const bias = join(weights.filter((_, index) => index % 2 === 1));
  try {
    // Copies: on some backends `data` hands out the tensor's own memory.
    return {
      nodeName,
      kernel: (await kernel.data<'float32'>()).slice(),
      bias: (await bias.data<'float32'>()).slice(),
    };
  } finally {
    tf.dispose([kernel, bias]);
  }
}
