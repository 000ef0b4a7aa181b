/**
 * Numbers as a file keeps them in fewer bytes than float32: half-precision bits, or steps that stand for
 * `step * scale + min`. The numbers used beside it are exactly what these decode to.
 */
export type StoredNumbers =
  | { readonly kind: 'float16'; readonly bits: Uint16Array }
  | { readonly kind: 'uint8'; readonly steps: Uint8Array; readonly min: number; readonly scale: number };
