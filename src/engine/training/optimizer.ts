import type { OptimizerName } from '../../domain/settings.ts';
import * as tf from '../tf.ts';
import type { Parameters } from './parameters.ts';

/** One parameter tensor on its way through training. `slots` are the optimiser's running sums, shaped like `weight`. */
type Slotted<T extends tf.Tensor> = {
  readonly weight: T;
  readonly slots: tf.Tensor[];
};

/** What an optimiser needs to know of one step besides the gradient. */
interface StepRates {
  readonly learningRate: number;
  /** 1-based. */
  readonly stepNumber: number;
}

type Rule = <T extends tf.Tensor>(state: Slotted<T>, gradient: T, rates: StepRates) => Slotted<T>;

const MOMENTUM = 0.9;
const RMS_DECAY = 0.9;
const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-7;

/** Heavy ball: velocity v = 0.9 v + g, weight w = w - rate v. */
const sgdRule: Rule = (state, gradient, { learningRate }) => {
  const velocity = tf.add(tf.mul(slot(state, 0), MOMENTUM), gradient);
  return { weight: tf.sub(state.weight, tf.mul(velocity, learningRate)), slots: [velocity] };
};

/** RMSprop (Hinton, 2012): mean square s = 0.9 s + 0.1 g^2, w = w - rate g / (sqrt(s) + epsilon). */
const rmspropRule: Rule = (state, gradient, { learningRate }) => {
  // The slot holds s / 0.1: the constant factor goes into the rate, which saves one pass over the tensor.
  const scale = Math.sqrt(1 - RMS_DECAY);
  const squares = tf.add(tf.mul(slot(state, 0), RMS_DECAY), tf.square(gradient));
  const divisor = tf.add(tf.sqrt(squares), EPSILON / scale);
  const change = tf.mul(tf.div(gradient, divisor), learningRate / scale);
  return { weight: tf.sub(state.weight, change), slots: [squares] };
};

/** Adam (Kingma and Ba, 2014) with bias correction. */
const adamRule: Rule = (state, gradient, { learningRate, stepNumber }) => {
  // The slots hold m / 0.1 and v / 0.001; those factors and both bias corrections go into two numbers.
  const firstScale = (1 - FIRST_DECAY) / (1 - FIRST_DECAY ** stepNumber);
  const secondScale = Math.sqrt((1 - SECOND_DECAY) / (1 - SECOND_DECAY ** stepNumber));
  const means = tf.add(tf.mul(slot(state, 0), FIRST_DECAY), gradient);
  const squares = tf.add(tf.mul(slot(state, 1), SECOND_DECAY), tf.square(gradient));
  const divisor = tf.add(tf.sqrt(squares), EPSILON / secondScale);
  const change = tf.mul(tf.div(means, divisor), (learningRate * firstScale) / secondScale);
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
  const slotted = <T extends tf.Tensor>(weight: T): Slotted<T> => ({
    weight,
    slots: Array.from({ length: RULES[name].slotCount }, () => tf.zerosLike(weight)),
  });
  return { kernel: slotted(parameters.kernel), rest: slotted(parameters.rest) };
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
  rates: StepRates,
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
