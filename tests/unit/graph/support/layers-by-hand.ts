import { tf } from './tfjs-reference.ts';

export type Symbolic = tf.SymbolicTensor;
export const layers = tf.layers;

/** A functional model of 12 px images. */
export function network(build: (input: Symbolic) => Symbolic): tf.LayersModel {
  const input = tf.input({ shape: [12, 12, 3] });
  return tf.model({ inputs: input, outputs: build(input) });
}

export const apply = (layer: { apply: (x: Symbolic | Symbolic[]) => unknown }, x: Symbolic | Symbolic[]) =>
  layer.apply(x) as Symbolic;
export const conv = (x: Symbolic, options: Partial<Parameters<typeof layers.conv2d>[0]> = {}) =>
  apply(layers.conv2d({ filters: 4, kernelSize: 3, ...options }), x);
export const depthwise = (x: Symbolic, options: Partial<Parameters<typeof layers.depthwiseConv2d>[0]> = {}) =>
  apply(layers.depthwiseConv2d({ kernelSize: 3, ...options }), x);
export const norm = (x: Symbolic, options: Parameters<typeof layers.batchNormalization>[0] = {}) =>
  apply(layers.batchNormalization(options), x);
export const relu = (x: Symbolic) => apply(layers.activation({ activation: 'relu' }), x);
export const relu6 = (x: Symbolic) => apply(layers.reLU({ maxValue: 6 }), x);
export const pad = (
  x: Symbolic,
  padding: number | [[number, number], [number, number]] = [
    [0, 1],
    [1, 2],
  ],
) => apply(layers.zeroPadding2d({ padding }), x);
