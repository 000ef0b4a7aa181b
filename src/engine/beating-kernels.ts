import { beat } from '../domain/beat.ts';
import type { BackendName } from './contract.ts';
import * as tf from './tf.ts';

/**
 * Has every kernel of tfjs give a sign of life before it computes: whatever runs a network, takes a step or checks an original
 * then beats by itself. Kernels registered later must do so on their own. To be called before the backend starts.
 */
export function letKernelsBeat(backend: BackendName): void {
  for (const kernel of tf.getKernelsForBackend(backend)) {
    const { kernelName, backendName, kernelFunc } = kernel;
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...kernel,
      kernelFunc: (given) => {
        beat();
        return kernelFunc(given);
      },
    });
  }
}
