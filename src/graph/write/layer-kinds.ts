import type { ExplicitPadding } from '../shapes.ts';

/** Class of a tfjs layer, and its options. */
export type LayerKind = readonly [className: string, config: Readonly<Record<string, unknown>>];

export const ZEROS = { class_name: 'Zeros', config: {} };
export const CHANNELS_LAST = { data_format: 'channels_last' };

/** Options every layer with a two-dimensional kernel has. */
export function filterConfig(
  size: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  padding: string,
) {
  return {
    kernel_size: size,
    strides,
    padding,
    dilation_rate: dilations,
    activation: 'linear',
    use_bias: true,
    bias_initializer: ZEROS,
    ...CHANNELS_LAST,
  };
}

export function padLayer(padding: ExplicitPadding): LayerKind {
  return ['ZeroPadding2D', { padding, ...CHANNELS_LAST }];
}

/** Shape without the batch. */
export function reshapeLayer(shape: readonly number[]): LayerKind {
  return ['Reshape', { target_shape: shape }];
}
