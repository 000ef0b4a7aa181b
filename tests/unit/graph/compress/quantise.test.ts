import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dequantise, quantise } from '../../../../src/graph/compress/quantise.ts';
import { float16ToFloat32, float32ToFloat16 } from '../../../../src/graph/weights/float16.ts';

const floats = fc.float32Array({ noNaN: true, min: Math.fround(-1e4), max: Math.fround(1e4), maxLength: 200 });

describe('8-bit steps', () => {
  it('are at most half a step away from every value, and what is zero stays zero', () => {
    fc.assert(
      fc.property(floats, (values) => {
        const { scale, ...rest } = quantise(values);
        const decoded = dequantise({ scale, ...rest });
        const widest = Math.max(0, ...values) - Math.min(0, ...values);
        expect(scale).toBeLessThanOrEqual(widest === 0 ? 1 : widest / 255);
        values.forEach((value, index) => {
          const difference = Math.abs((decoded[index] ?? Number.NaN) - value);
          expect(difference).toBeLessThanOrEqual(scale * 0.500001 + Math.abs(value) * 2 ** -23);
          if (value === 0) expect(Math.abs(decoded[index] ?? 1)).toBe(0);
        });
      }),
    );
  });
});

describe('half precision', () => {
  it('is within half a unit of its last place of every value', () => {
    fc.assert(
      fc.property(floats, (values) => {
        const decoded = float16ToFloat32(float32ToFloat16(values));
        values.forEach((value, index) => {
          const unit = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(value) || 1e-30)) - 10));
          expect(Math.abs((decoded[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(unit / 2);
        });
      }),
    );
  });

  it('gives every half back as it was', () => {
    const finite = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00);
    const again = float32ToFloat16(float16ToFloat32(finite));
    expect(finite.filter((bits, index) => again[index] !== bits)).toHaveLength(0);
  });

  it('rounds ties to even, overflows to infinity and keeps what is not a number', () => {
    const values = Float32Array.of(
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      65519,
      65520,
      -1e9,
      2 ** -25,
      3 * 2 ** -26,
      Number.NaN,
    );
    expect([...float16ToFloat32(float32ToFloat16(values))]).toEqual([
      ...[1, 1 + 2 ** -9, 65504, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 2 ** -24, Number.NaN],
    ]);
  });
});
