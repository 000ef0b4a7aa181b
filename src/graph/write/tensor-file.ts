import type { StoredNumbers } from '../../domain/stored-numbers.ts';
import type { TensorJson } from './layers-model-json.ts';

/** A tensor to be written: its full name, shape and float32 values in row-major order. */
export interface WrittenTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Bytes to write instead of the values, which they decode to. */
  readonly stored?: StoredNumbers | undefined;
}

/** Its line in the manifest. */
export function tensorJson({ name, shape, stored }: WrittenTensor): TensorJson {
  const plain = { name, shape, dtype: 'float32' } as const;
  if (stored === undefined) return plain;
  if (stored.kind === 'float16') return { ...plain, quantization: { dtype: 'float16' } };
  return { ...plain, quantization: { dtype: 'uint8', min: stored.min, scale: stored.scale } };
}

/** Bytes of tensors one after another, little-endian. */
export function joinTensors(tensors: readonly WrittenTensor[]): ArrayBuffer {
  const parts = tensors.map(bytesOf);
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.byteLength;
  }
  return joined.buffer;
}

function bytesOf({ values, stored }: WrittenTensor): Uint8Array {
  if (stored?.kind === 'uint8') return stored.steps;
  const { buffer, byteOffset, byteLength } = stored === undefined ? values : stored.bits;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
