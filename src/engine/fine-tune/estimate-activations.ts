import type { FoldedNode } from '../../graph/folded-graph.ts';
import { multiplyAddsOf } from '../../graph/multiply-adds.ts';
import type { ActivationEstimate } from '../contract.ts';
import type { LoadedBackbone } from '../load-backbone.ts';
import { activationBytes } from './activation-store.ts';
import type { Cut } from './cut.ts';

/** A step is a pass forward and two products as large backward: slopes of the weights and of the values. */
const PASSES_PER_STEP = 3;

/** A multiplication of a depthwise convolution takes a step so many times as long as one of a 1x1 (`npm run bench finetune`, wasm). */
const DEPTHWISE_WEIGHT = 100;

/** Work of a training step per pass, in multiplications of 1x1 convolutions. */
function stepWorkOf(nodes: readonly FoldedNode[]): number {
  const depthwise = multiplyAddsOf(nodes.filter(({ op }) => op === 'depthwise'));
  return multiplyAddsOf(nodes) + (DEPTHWISE_WEIGHT - 1) * depthwise;
}

/** What the activations of some rows cost, from the network's measured time, before any is computed. */
export function estimateActivations(
  { graph, report }: Pick<LoadedBackbone, 'graph' | 'report'>,
  { lower, upper }: Cut,
  rowCount: number,
): ActivationEstimate {
  const multiplyMs = report.millisecondsPerImage / Math.max(1, multiplyAddsOf(graph.nodes));
  return {
    bytes: rowCount * activationBytes(lower.featureLength),
    seconds: (rowCount * report.millisecondsPerImage) / 1000,
    stepMsPerImage: PASSES_PER_STEP * multiplyMs * stepWorkOf(upper.nodes),
    judgeMsPerImage: multiplyMs * multiplyAddsOf(upper.nodes),
  };
}
