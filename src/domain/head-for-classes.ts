import type { ClassLabel } from './dataset.ts';
import type { DenseWeights, HeadWeights } from './head.ts';

/** A head whose outputs were put into the order of other classes. */
export interface RematchedHead {
  readonly head: HeadWeights;
  /** Classes the head has never seen: their weights start at zero. */
  readonly newClasses: readonly ClassLabel[];
  /** Classes the head knew that are not wanted any more. */
  readonly droppedClasses: readonly ClassLabel[];
}

/**
 * The same head with one output for each of `wanted`, in that order; classes are matched by id.
 * @param known classes of the head's outputs, in their order.
 * @returns null when no class is in both, or when the head does not end in one output for each known class.
 */
export function headForClasses(
  { layers }: HeadWeights,
  known: readonly ClassLabel[],
  wanted: readonly ClassLabel[],
): RematchedHead | null {
  const last = layers.at(-1);
  if (last === undefined || last.outputLength !== known.length) return null;
  const positions = new Map(known.map(({ id }, index) => [id, index]));
  const sources = wanted.map(({ id }) => positions.get(id) ?? null);
  if (sources.every((source) => source === null)) return null;
  const kept = new Set(wanted.map(({ id }) => id));
  return {
    head: { layers: [...layers.slice(0, -1), withOutputs(last, sources)] },
    newClasses: wanted.filter(({ id }) => !positions.has(id)),
    droppedClasses: known.filter(({ id }) => !kept.has(id)),
  };
}

/** @param sources the output that each new one is; null for zeros. */
function withOutputs(layer: DenseWeights, sources: readonly (number | null)[]): DenseWeights {
  const { kernel, bias, inputLength, outputLength } = layer;
  const width = sources.length;
  const kernelNow = new Float32Array(inputLength * width);
  sources.forEach((source, output) => {
    if (source === null) return;
    for (let input = 0; input < inputLength; input++) {
      kernelNow[input * width + output] = kernel[input * outputLength + source] ?? 0;
    }
  });
  const biasNow = Float32Array.from(sources, (source) => (source === null ? 0 : (bias[source] ?? 0)));
  return { ...layer, kernel: kernelNow, bias: biasNow, outputLength: width };
}
