import { uploadWeights } from '../../../src/engine/compute-node.ts';
import { backward, forward, type WeightsByNode } from '../../../src/engine/fine-tune/trained-graph.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { UpperGraph } from '../../../src/graph/split-at-stage.ts';
import { noise } from './gradient-cases.ts';

const BATCH = 2;
/** Step of the central difference; float32 leaves it about three digits. */
const STEP = 5e-3;
/** Difference of the slopes on both sides up to which a weight is compared. */
const MOST_BEND = 1e-2;
/** Weights moved at most for one tensor. */
const MOVED = 6;

function upload({ nodes }: UpperGraph): Map<string, readonly tf.Tensor[]> {
  return new Map(nodes.map((node) => [node.name, uploadWeights(node)]));
}

/** Sum of the features, each times a number of its own: its slope in the features is these numbers. */
async function lossOf(graph: UpperGraph, weights: WeightsByNode, atCut: tf.Tensor4D, factors: Float32Array) {
  const features = tf.tidy(() => forward(graph, weights, atCut).features);
  const values = await features.data<'float32'>();
  features.dispose();
  return factors.reduce((sum, factor, index) => sum + factor * (values[index] ?? Number.NaN), 0);
}

/** A slope as the backward pass says it, and as two forward passes measure it. */
export interface ComparedSlope {
  readonly weight: string;
  readonly said: number;
  readonly measured: number;
}

/** Compares slopes of some weights of every node. Weights at a kink are left out. */
export async function compareSlopes(graph: UpperGraph): Promise<readonly ComparedSlope[]> {
  const weights = upload(graph);
  const atCut = tf.tensor4d(noise(BATCH * graph.inputShape.reduce((a, b) => a * b, 1)), [BATCH, ...graph.inputShape]);
  const factors = noise(BATCH * graph.featureLength);
  const slope = tf.tensor2d(factors, [BATCH, graph.featureLength]);
  const gradients = tf.tidy(() => {
    const found = backward(graph, weights, forward(graph, weights, atCut), slope);
    return [...found].flatMap(([name, tensors]) => tensors.map((tensor, index) => ({ name, index, tensor })));
  });
  const here = await lossOf(graph, weights, atCut, factors);
  const compared: ComparedSlope[] = [];
  for (const { name, index, tensor } of gradients) {
    const own = weights.get(name) ?? [];
    const original = own[index];
    if (original === undefined) throw new Error(`${name} has no weight ${index}`);
    const values = (await original.data<'float32'>()).slice();
    const said = (await tensor.data<'float32'>()).slice();
    if (said.length !== values.length) throw new Error(`${name}: ${said.length} slopes of ${values.length} weights`);
    const lossAt = async (position: number, change: number) => {
      const moved = tf.tensor(
        values.map((value, other) => (other === position ? value + change : value)),
        original.shape,
      );
      const around = new Map(weights).set(
        name,
        own.map((one, other) => (other === index ? moved : one)),
      );
      const loss = await lossOf(graph, around, atCut, factors);
      moved.dispose();
      return loss;
    };
    const every = Math.max(1, Math.floor(values.length / MOVED));
    for (let position = 0; position < values.length; position += every) {
      const [below, above] = [await lossAt(position, -STEP), await lossAt(position, STEP)];
      const [one, other] = [(here - below) / STEP, (above - here) / STEP];
      // Where the two sides disagree there is a kink, of a ReLU or a maximum, and no slope.
      if (Math.abs(one - other) > MOST_BEND * Math.max(1, Math.abs(one))) continue;
      compared.push({
        weight: `${name}[${index}][${position}]`,
        said: said[position] ?? Number.NaN,
        measured: (one + other) / 2,
      });
    }
  }
  tf.dispose([atCut, slope, ...gradients.map(({ tensor }) => tensor), ...[...weights.values()].flat()]);
  return compared;
}

/** The largest difference, relative to the largest slope or 1. */
export function worstDifference(compared: readonly ComparedSlope[]): number {
  const largest = Math.max(1, ...compared.map(({ measured }) => Math.abs(measured)));
  return Math.max(...compared.map(({ said, measured }) => Math.abs(said - measured))) / largest;
}
