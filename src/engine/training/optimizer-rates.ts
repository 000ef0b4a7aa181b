import type { OptimizerName } from '../../domain/settings.ts';

export const MOMENTUM = 0.9;
export const RMS_DECAY = 0.9;
export const FIRST_DECAY = 0.9;
export const SECOND_DECAY = 0.999;
const EPSILON = 1e-7;

/** What a step needs besides weights, gradient and running sums. */
export interface OptimizerRates {
  readonly rate: number;
  readonly epsilon: number;
}

/**
 * The rules, each with one factor put where it costs nothing:
 * - sgd, heavy ball: velocity v = 0.9 v + g, weight w = w - rate v.
 * - rmsprop (Hinton, 2012): mean square s = 0.9 s + 0.1 g^2, w = w - rate g / (sqrt(s) + epsilon). Kept is s / 0.1.
 * - adam (Kingma and Ba, 2014) with bias correction. Kept are m / 0.1 and v / 0.001.
 * The constant factors and both bias corrections go into `rate` and `epsilon`, which saves passes over all weights.
 *
 * @param stepNumber 1-based.
 */
export function optimizerRates(name: OptimizerName, learningRate: number, stepNumber: number): OptimizerRates {
  switch (name) {
    case 'sgd':
      return { rate: learningRate, epsilon: 0 };
    case 'rmsprop': {
      const scale = Math.sqrt(1 - RMS_DECAY);
      return { rate: learningRate / scale, epsilon: EPSILON / scale };
    }
    case 'adam': {
      const firstScale = (1 - FIRST_DECAY) / (1 - FIRST_DECAY ** stepNumber);
      const secondScale = Math.sqrt((1 - SECOND_DECAY) / (1 - SECOND_DECAY ** stepNumber));
      return { rate: (learningRate * firstScale) / secondScale, epsilon: EPSILON / secondScale };
    }
    default:
      return name satisfies never;
  }
}
