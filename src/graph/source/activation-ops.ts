import type { Activation } from '../folded-graph.ts';
import { unsupported } from '../graph-error.ts';
import type { Shape } from '../shapes.ts';
import { evenAffine, type SourceOp } from './source-graph.ts';

/**
 * What a file means by `hard_sigmoid`: `fifth` is clip(0.2 x + 0.5), as Keras 1 and 2 and tfjs have it,
 * `sixth` is clip(x / 6 + 0.5), as Keras 3 and torch have it.
 */
export type HardSigmoidSlope = 'fifth' | 'sixth';

const NAMES: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ['relu', 'relu'],
  ['relu6', 'relu6'],
  ['sigmoid', 'sigmoid'],
  ['swish', 'swish'],
  ['silu', 'swish'],
  ['hard_swish', 'hardSwish'],
  ['hardswish', 'hardSwish'],
  ['hard_silu', 'hardSwish'],
]);

/**
 * Operations of an activation known by its name in Keras or tfjs; none for a linear one.
 *
 * @throws GraphError 'backbone-unsupported' when Graft does not know it.
 */
export function activationOps(
  activation: string,
  layerName: string,
  input: Shape | undefined,
  slope: HardSigmoidSlope,
): readonly SourceOp[] {
  // tfjs writes hardSigmoid, Keras hard_sigmoid.
  const name = activation.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (name === 'linear') return [];
  if (name === 'softmax') return [{ op: 'head', what: 'softmax' }];
  if (name === 'hard_sigmoid') {
    const gate = { op: 'activation', activation: 'hardSigmoid' } as const;
    return slope === 'sixth' ? [gate] : [evenAffine(input?.at(-1) ?? 0, 1.2, 0), gate];
  }
  const known = NAMES.get(name);
  if (known === undefined) {
    throw unsupported(`"${layerName}" uses the activation "${activation}", which cannot be read.`);
  }
  return [{ op: 'activation', activation: known }];
}
