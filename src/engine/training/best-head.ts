import * as tf from '../tf.ts';
import type { Parameters } from './parameters.ts';

/** Remembers the weights of the epoch with the lowest loss. */
export interface BestHead {
  /** Keeps `parameters` (borrowed) when `loss` is lower than any before. */
  offer(epochIndex: number, loss: number, parameters: Parameters): void;
  epochIndex(): number;
  /** The kept weights. Borrowed. */
  parameters(): Parameters;
  dispose(): void;
}

export function createBestHead(): BestHead {
  let best: { readonly epochIndex: number; readonly loss: number; readonly parameters: Parameters } | null = null;
  const kept = () => {
    if (best === null) throw new Error('no epoch has been offered yet');
    return best;
  };
  return {
    offer: (epochIndex, loss, { kernel, rest }) => {
      if (best !== null && loss >= best.loss) return;
      if (best !== null) tf.dispose([best.parameters.kernel, best.parameters.rest]);
      // A clone shares the memory of its original: weights are replaced in training, never written to.
      best = { epochIndex, loss, parameters: { kernel: tf.clone(kernel), rest: tf.clone(rest) } };
    },
    epochIndex: () => kept().epochIndex,
    parameters: () => kept().parameters,
    dispose: () => {
      if (best !== null) tf.dispose([best.parameters.kernel, best.parameters.rest]);
    },
  };
}
