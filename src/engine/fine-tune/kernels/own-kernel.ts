import * as tf from '../../tf.ts';

/**
 * Kernels of ours that stand beside those of tfjs; `register-on-wasm.ts` says what each computes and who has it.
 * - GraftRowSums: rows [count, length] to [length]
 * - GraftSlopeInside: slope and value of one shape to such a slope, by `InsideLimits`
 * - GraftDepthwiseSlopes: x, kernel and slope to the slopes of kernel, bias and, where wanted, x, by `DepthwiseMoves`
 */
const OWN_KERNELS = ['GraftRowSums', 'GraftSlopeInside', 'GraftDepthwiseSlopes'] as const;
export type OwnKernel = (typeof OWN_KERNELS)[number];

/** Runs a kernel on the backend in use. @returns null where that has none by this name: the caller goes its own way then. */
export function runOwnKernel(
  name: OwnKernel,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: object = {},
): readonly tf.Tensor[] | null {
  if (tf.getKernel(name, tf.getBackend()) === undefined) return null;
  // tfjs hands attributes on untouched, whatever its type for them lists.
  return tf.engine().runKernel<tf.Tensor[]>(name, { ...inputs }, attributes as tf.NamedAttrMap);
}

/** Runs `work` on wasm as where there are no kernels of ours: for comparing the two. */
export function withoutOwnKernels<T>(work: () => T): T {
  const own = OWN_KERNELS.flatMap((name) => tf.getKernel(name, 'wasm') ?? []);
  for (const { kernelName, backendName } of own) tf.unregisterKernel(kernelName, backendName);
  try {
    return work();
  } finally {
    for (const kernel of own) tf.registerKernel(kernel);
  }
}
