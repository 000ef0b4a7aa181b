let table: Float32Array | null = null;

/** The largest finite half-precision number. */
export const LARGEST_FLOAT16 = 65504;

/** IEEE 754 half precision: 1 sign bit, 5 bits of exponent (bias 15), 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** float32 of every half-precision number in `bits`; exact. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, half) => halfToNumber(half));
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i += 1) values[i] = table[bits[i] ?? 0] ?? 0;
  return values;
}

/** The nearest half-precision number of every value, of two as near the even one; beyond the largest it is infinite. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const singles = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i += 1) bits[i] = singleToHalf(singles[i] ?? 0);
  return bits;
}

/** @param single bits of a float32: 1 sign bit, 8 of exponent (bias 127), 23 of fraction. */
function singleToHalf(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const exponent = ((single >>> 23) & 0xff) - 127 + 15;
  const fraction = single & 0x7fffff;
  if (exponent === 0xff - 127 + 15) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent < -10) return sign;
  // A carry out of the fraction goes into the exponent, which is what rounding up to the next power of two asks for.
  if (exponent <= 0) return sign | roundedShift(fraction | 0x800000, 14 - exponent);
  return sign | roundedShift((exponent << 23) | fraction, 13);
}

/** A whole number without its lowest bits, rounded to the nearest, of two as near to the even one. */
function roundedShift(value: number, bitCount: number): number {
  const shifted = value >>> bitCount;
  const rest = value - shifted * 2 ** bitCount;
  const half = 2 ** (bitCount - 1);
  return rest > half || (rest === half && shifted % 2 === 1) ? shifted + 1 : shifted;
}
