import type { OptimizerName } from '../../domain/settings.ts';
import * as tf from '../tf.ts';
import { FIRST_DECAY, MOMENTUM, type OptimizerRates, RMS_DECAY, SECOND_DECAY } from './optimizer-rates.ts';
import type { Parameters } from './parameters.ts';

/** One parameter tensor on its way through training. `slots` are the optimiser's running sums, shaped like `weight`. */
export type Slotted<T extends tf.Tensor> = {
  readonly weight: T;
  readonly slots: tf.Tensor[];
};

type Rule = <T extends tf.Tensor>(state: Slotted<T>, gradient: T, rates: OptimizerRates) => Slotted<T>;

/** The rules are written out at `optimizerRates`. */
const sgdRule: Rule = (state, gradient, { rate }) => {
  const velocity = tf.add(tf.mul(slot(state, 0), MOMENTUM), gradient);
  return { weight: tf.sub(state.weight, tf.mul(velocity, rate)), slots: [velocity] };
};

const rmspropRule: Rule = (state, gradient, { rate, epsilon }) => {
  const squares = tf.add(tf.mul(slot(state, 0), RMS_DECAY), tf.square(gradient));
  const change = tf.mul(tf.div(gradient, tf.add(tf.sqrt(squares), epsilon)), rate);
  return { weight: tf.sub(state.weight, change), slots: [squares] };
};

const adamRule: Rule = (state, gradient, { rate, epsilon }) => {
  const means = tf.add(tf.mul(slot(state, 0), FIRST_DECAY), gradient);
  const squares = tf.add(tf.mul(slot(state, 1), SECOND_DECAY), tf.square(gradient));
  const change = tf.mul(tf.div(means, tf.add(tf.sqrt(squares), epsilon)), rate);
  return { weight: tf.sub(state.weight, change), slots: [means, squares] };
};

const RULES: Readonly<Record<OptimizerName, { readonly rule: Rule; readonly slotCount: number }>> = {
  adam: { rule: adamRule, slotCount: 2 },
  sgd: { rule: sgdRule, slotCount: 1 },
  rmsprop: { rule: rmspropRule, slotCount: 1 },
};

/** Weights and optimiser state of a run. A type and not an interface: only that can be returned from `tf.tidy`. */
export type OptimizerState = {
  readonly kernel: Slotted<tf.Tensor2D>;
  readonly rest: Slotted<tf.Tensor1D>;
};

/** Starts an optimiser on `parameters`, which it takes over. Owned by the caller. */
export function initialOptimizerState(parameters: Parameters, name: OptimizerName): OptimizerState {
  return { kernel: startSlots(parameters.kernel, name), rest: startSlots(parameters.rest, name) };
}

/** Starts an optimiser on one tensor, which it takes over. Owned by the caller. */
export function startSlots<T extends tf.Tensor>(weight: T, name: OptimizerName): Slotted<T> {
  return { weight, slots: Array.from({ length: RULES[name].slotCount }, () => tf.zerosLike(weight)) };
}

/** One step of one tensor. Call inside `tf.tidy` and return the result from it. */
export function stepSlots<T extends tf.Tensor>(
  state: Slotted<T>,
  gradient: T,
  name: OptimizerName,
  rates: OptimizerRates,
): Slotted<T> {
  return RULES[name].rule(state, gradient, rates);
}

/**
 * One step. Call inside `tf.tidy` and return the result from it.
 * @param decay what L2 adds to the gradient per unit of weight; a number for the kernel, float32 [rest.length] for the rest.
 */
export function optimizerStep(
  state: OptimizerState,
  gradients: Parameters,
  name: OptimizerName,
  decay: { readonly kernel: number; readonly rest: tf.Tensor1D } | null,
  rates: OptimizerRates,
): OptimizerState {
  const { rule } = RULES[name];
  if (decay === null) {
    return { kernel: rule(state.kernel, gradients.kernel, rates), rest: rule(state.rest, gradients.rest, rates) };
  }
  const kernel = tf.add<tf.Tensor2D>(gradients.kernel, tf.mul(state.kernel.weight, decay.kernel));
  const rest = tf.add<tf.Tensor1D>(gradients.rest, tf.mul(state.rest.weight, decay.rest));
  return { kernel: rule(state.kernel, kernel, rates), rest: rule(state.rest, rest, rates) };
}

/** Every tensor of a state, for disposal. */
export function tensorsOf({ kernel, rest }: OptimizerState): tf.Tensor[] {
  return [kernel.weight, ...kernel.slots, rest.weight, ...rest.slots];
}

function slot<T extends tf.Tensor>(state: Slotted<T>, index: number): tf.Tensor {
  const found = state.slots[index];
  if (found === undefined) throw new Error(`optimiser slot ${index} is missing`);
  return found;
}
