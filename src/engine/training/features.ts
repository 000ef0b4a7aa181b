/** Features of images, one row each. */
export interface Features {
  /** float32 [rows, featureLength], row major. */
  readonly values: Float32Array;
  readonly featureLength: number;
}
