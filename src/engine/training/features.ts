import type { FeatureScale } from '../heads/feature-scale.ts';

/** Features of images, one row each. */
export interface Features {
  /** float32 [rows, featureLength], row major. */
  readonly values: Float32Array;
  readonly featureLength: number;
  /** The scale that rows are handed out on; as they are when absent. */
  readonly scale?: FeatureScale | null;
}
