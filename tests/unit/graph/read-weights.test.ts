import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { GraphError } from '../../../src/graph/graph-error.ts';
import { readWeights } from '../../../src/graph/weights/read-weights.ts';
import { startReference, tf } from './support/tfjs-reference.ts';

beforeAll(startReference);

const entry = (name: string, shape: readonly number[], more: object = {}) => ({
  name,
  shape,
  dtype: 'float32',
  ...more,
});
const groups = (...weights: object[]) => [{ paths: ['weights.bin'], weights }];
const quantised = (dtype: string, more: object = {}) => ({ quantization: { dtype, min: -1.5, scale: 0.25, ...more } });

function bytesOf(...arrays: readonly (Float32Array | Uint16Array | Uint8Array | Int32Array)[]): ArrayBuffer {
  const parts = arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  return new Uint8Array(Buffer.concat(parts)).buffer;
}

describe('weights', () => {
  it('are read in every form tfjs writes, one after another and at any address', () => {
    const data = bytesOf(
      new Uint8Array([0, 3, 255]),
      new Float32Array([1.5, -2]),
      new Uint16Array([0, 65535]),
      new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7bff]),
      new Int32Array([-1, 3]),
      new Uint8Array([1]),
    );
    const table = readWeights(
      groups(
        entry('bytes', [3], quantised('uint8')),
        entry('plain', [2, 1]),
        entry('words', [2], quantised('uint16')),
        entry('halves', [4], quantised('float16')),
        entry('axes', [2], { dtype: 'int32' }),
        entry('flag', [], { dtype: 'bool' }),
      ),
      data,
    );
    expect([...(table.get('bytes')?.values ?? [])]).toEqual([-1.5, -0.75, 62.25]);
    expect(table.get('plain')).toEqual({ shape: [2, 1], values: new Float32Array([1.5, -2]) });
    expect([...(table.get('words')?.values ?? [])]).toEqual([-1.5, 16382.25]);
    expect([...(table.get('halves')?.values ?? [])]).toEqual([1, -2, 2 ** -24, 65504]);
    expect([...(table.get('axes')?.values ?? [])]).toEqual([-1, 3]);
    expect([...(table.get('flag')?.values ?? [])]).toEqual([1]);
  });

  it('may be spread over parts and groups', () => {
    const parts = [bytesOf(new Float32Array([1, 2])), bytesOf(new Float32Array([3]))];
    const table = readWeights([...groups(entry('a', [1])), ...groups(entry('b', [2]))], parts);
    expect([...(table.get('b')?.values ?? [])]).toEqual([2, 3]);
  });

  it('decode to the very values tfjs decodes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 64 }).filter((bytes) => bytes.length % 2 === 0),
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.double({ min: 1e-6, max: 10, noNaN: true }),
        fc.constantFrom('uint8' as const, 'uint16' as const),
        (bytes, min, scale, dtype) => {
          const spec = entry('w', [bytes.length / (dtype === 'uint8' ? 1 : 2)], quantised(dtype, { min, scale }));
          const data = bytesOf(bytes);
          const wanted = tf.io.decodeWeights(data, [spec as tf.io.WeightsManifestEntry]);
          expect(readWeights(groups(spec), data).get('w')?.values).toEqual(wanted.w?.dataSync());
          tf.dispose(wanted);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('may have any name, even one every object has', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const table = readWeights(groups(...names.map((name) => entry(name, [1]))), bytesOf(new Float32Array([1, 2, 3])));
    expect(table.get('__proto__')?.values[0]).toBe(1);
    expect(table.get('hasOwnProperty')).toBeUndefined();
  });

  const bad: readonly [string, unknown, ArrayBuffer][] = [
    ['cut short', groups(entry('w', [3])), new ArrayBuffer(8)],
    ['longer than described', groups(entry('w', [1])), new ArrayBuffer(8)],
    ['of four thousand million values', groups(entry('w', [4e9])), new ArrayBuffer(8)],
    ['of an overflowing number of values', groups(entry('w', [65536, 65536, 65536])), new ArrayBuffer(8)],
    ['of a negative size', groups(entry('w', [-1, -2])), new ArrayBuffer(8)],
    ['of half a size', groups(entry('w', [0.5])), new ArrayBuffer(8)],
    ['not numbers', groups(entry('w', [1])), bytesOf(new Float32Array([Number.NaN]))],
    ['endless', groups(entry('w', [1])), bytesOf(new Float32Array([Number.POSITIVE_INFINITY]))],
    [
      'endless once decoded',
      groups(entry('w', [1], quantised('uint8', { scale: 1e300 }))),
      bytesOf(new Uint8Array([9])),
    ],
    ['described twice', groups(entry('w', [1]), entry('w', [1])), new ArrayBuffer(8)],
    ['texts', groups(entry('w', [4e9], { dtype: 'string' })), new ArrayBuffer(8)],
    ['not described', null, new ArrayBuffer(8)],
    ['described by nonsense', [{ weights: [null, 3] }], new ArrayBuffer(8)],
  ];
  for (const [what, manifest, data] of bad) {
    it(`are refused when they are ${what}`, () => {
      expect(() => readWeights(manifest, data)).toThrow(GraphError);
    });
  }
});
