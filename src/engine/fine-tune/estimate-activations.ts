import { multiplyAddsOf } from '../../graph/multiply-adds.ts';
import type { ActivationEstimate } from '../contract-measuring.ts';
import type { LoadedBackbone } from '../load-backbone.ts';
import { activationBytes } from './activation-store.ts';
import type { Cut } from './cut.ts';

/**
 * A step is a pass forward and two products as large backward: slopes of the weights and of the values. With our own
 * kernels on wasm that foretells `npm run bench finetune` within a tenth.
 */
const PASSES_PER_STEP = 3;

/** What the activations of some rows cost, from the network's measured time, before any is computed. */
export function estimateActivations(
  { graph, report }: Pick<LoadedBackbone, 'graph' | 'report'>,
  { lower, upper }: Cut,
  rowCount: number,
): Omit<ActivationEstimate, 'memoryBytes'> {
  const multiplyMs = report.millisecondsPerImage / Math.max(1, multiplyAddsOf(graph.nodes));
  const passMs = multiplyMs * multiplyAddsOf(upper.nodes);
  return {
    bytes: rowCount * activationBytes(lower.featureLength),
    seconds: (rowCount * report.millisecondsPerImage) / 1000,
    stepMsPerImage: PASSES_PER_STEP * passMs,
    judgeMsPerImage: passMs,
  };
}
