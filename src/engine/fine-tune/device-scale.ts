import type { FeatureScale } from '../heads/feature-scale.ts';
import * as tf from '../tf.ts';

/** Brings features to a scale on the device. `dispose` frees it. */
export interface DeviceScale {
  /** @param features float32 [rows, featureLength], borrowed. @returns the scaled ones, owned by the caller. */
  apply(features: tf.Tensor2D): tf.Tensor2D;
  /** What gradients by scaled features are to be multiplied with. */
  readonly factor: number;
  dispose(): void;
}

export function openScale({ means, factor }: FeatureScale): DeviceScale {
  const centre = tf.tensor1d(Float32Array.from(means));
  return {
    apply: (features) => tf.tidy(() => tf.mul<tf.Tensor2D>(tf.sub(features, centre), factor)),
    factor,
    dispose: () => centre.dispose(),
  };
}
