const LARGEST = 0x7bff;

/**
 * Half-precision numbers (IEEE 754 binary16) nearest to `values`, ties to even. What is too large becomes the largest
 * there is (65,504) instead of infinity; NaN stays NaN.
 */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index += 1) halves[index] = halfOf(bits[index] ?? 0, values[index] ?? 0);
  return halves;
}

function halfOf(bits: number, value: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return 0x7e00;
  // Below 2^-14 numbers are whole multiples of 2^-24.
  if (size < 0x38800000) return sign | roundedToEven(Math.abs(value) * 2 ** 24);
  const rounded = (size + 0xfff + ((size >>> 13) & 1) - 0x38000000) >>> 13;
  return sign | Math.min(rounded, LARGEST);
}

function roundedToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
