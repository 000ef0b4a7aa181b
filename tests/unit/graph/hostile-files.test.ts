import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphError } from '../../../src/graph/graph-error.ts';
import type { ModelContents } from '../../../src/graph/model-proposal.ts';
import { readAnyModel } from '../../../src/graph/read-any-model.ts';
import { readTensors } from '../../../src/graph/safetensors/read-tensors.ts';
import { readKerasBytes } from './support/hdf5.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const SIDE = { inputSide: 32 } as const;

const bytesOf = (path: string) => new Uint8Array(readFileSync(join(FIXTURES, path)));

/** A file with this header, and as much data as `dataBytes` says. */
function safetensors(header: string, dataBytes: number): ArrayBuffer {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes.buffer;
}

const tensor = (shape: readonly number[], begin: number, end: number, dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const fileOf = (tensors: object, dataBytes: number) => safetensors(JSON.stringify(tensors), dataBytes);

describe('a hostile safetensors file is refused', () => {
  const cases: readonly (readonly [string, ArrayBuffer, RegExp])[] = [
    ['when it is empty', new ArrayBuffer(0), /too short/],
    ['when its header is longer than the file', safetensors('{}', 0).slice(0, 9), /ends before its header/],
    ['when its header claims 2^63 bytes', new Uint8Array(16).fill(0x7f).buffer, /cannot be/],
    ['when its header is no JSON', safetensors('{"a":', 0), /not readable JSON/],
    ['when its header is no text', new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 0xff]).buffer, /not a text/],
    ['when a tensor claims 4 GB', fileOf({ a: tensor([2 ** 30], 0, 2 ** 32) }, 8), /data ends before the tensor "a"/],
    ['when shape and bytes disagree', fileOf({ a: tensor([3], 0, 8) }, 8), /"a" has 8 bytes; its shape asks for 12/],
    ['when a shape overflows', fileOf({ a: tensor([2 ** 31, 2 ** 31, 2 ** 31], 0, 8) }, 8), /"a" has 8 bytes/],
    ['when a side is negative', fileOf({ a: tensor([-2], 0, 8) }, 8), /A side of "a"/],
    ['when tensors overlap', fileOf({ a: tensor([2], 0, 8), b: tensor([2], 4, 12) }, 12), /"b" overlaps/],
    ['when bytes belong to no tensor', fileOf({ a: tensor([2], 8, 16) }, 16), /before the tensor "a"/],
    ['when bytes are left over', fileOf({ a: tensor([2], 0, 8) }, 9), /1 bytes more/],
    [
      'when a name stands twice',
      safetensors(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        8,
      ),
      /before the tensor "a"/,
    ],
    ['when the type is unknown', fileOf({ a: tensor([2], 0, 2, 'F8_E4M3') }, 2), /"a" is of type "F8_E4M3"/],
  ];

  it.each(cases)('%s', (_, bytes, message) => {
    expect(() => readTensors(bytes)).toThrow(GraphError);
    expect(() => readTensors(bytes)).toThrow(message);
  });

  it('when it has more tensors than any network', () => {
    const tensors = Object.fromEntries(Array.from({ length: 20_001 }, (_, k) => [`t${k}`, tensor([0], 0, 0)]));
    expect(() => readTensors(fileOf(tensors, 0))).toThrow(/more than 20000 tensors/);
  });

  it('when a tensor is called __proto__, which is a name like any other, and holds no number', () => {
    const named = safetensors('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4);
    expect([...readTensors(named).keys()]).toEqual(['__proto__']);
    new DataView(named).setFloat32(named.byteLength - 4, Number.NaN, true);
    expect(() => readTensors(named)).toThrow(/"__proto__" holds values that are not numbers/);
    expect('dtype' in {}).toBe(false);
  });

  it('when no known network has such tensors, or one is missing, or one is too many', () => {
    const read = (files: object, dataBytes: number) => () =>
      readAnyModel({ kind: 'files', files: [{ name: 'a.safetensors', bytes: fileOf(files, dataBytes) }] }, SIDE);
    expect(read({ 'odd.weight': tensor([1], 0, 4) }, 4)).toThrow(/begins with "odd.weight"/);
    const stem = { 'conv1.weight': tensor([1, 1, 1, 1], 0, 4), 'layer1.0.conv1.weight': tensor([1], 4, 8) };
    expect(read(stem, 8)).toThrow(/looks like ResNet-10, but the tensor "bn1.running_mean" is missing/);
  });
});

/** Reads, and passes on only what is no refusal with a reason. */
function survives(contents: ModelContents): void {
  try {
    readAnyModel(contents, SIDE);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
  }
}

/** A change to some bytes of a file, more often near its start, where its structure is. */
const changes = (length: number, structureBytes: number) =>
  fc.array(fc.tuple(fc.oneof(fc.nat(Math.min(structureBytes, length) - 1), fc.nat(length - 1)), fc.nat(255)), {
    minLength: 1,
    maxLength: 8,
  });

function changed(bytes: Uint8Array<ArrayBuffer>, edits: readonly (readonly [number, number])[], cut: number) {
  const copy = bytes.slice(0, cut);
  for (const [at, value] of edits) if (at < copy.length) copy[at] = value;
  return copy;
}

describe('a real file changed at random is read or refused with a reason, never anything else', () => {
  const cuts = (length: number) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(length) }, { weight: 1, arbitrary: fc.nat(length) });

  it.each(['safetensors/vgg16-torchvision.safetensors', 'safetensors/resnet18-timm.safetensors'])('for %s', (path) => {
    const bytes = bytesOf(path);
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true)) + 8;
    fc.assert(
      fc.property(changes(bytes.length, header), cuts(bytes.length), (edits, cut) => {
        survives({ kind: 'files', files: [{ name: 'own.safetensors', bytes: changed(bytes, edits, cut).buffer }] });
      }),
      { numRuns: 200 },
    );
  });

  it('for what the HDF5 library hands over of a Keras file', async () => {
    const whole = await readKerasBytes(bytesOf('keras/sequential-keras3.h5'));
    const config = JSON.stringify(whole.modelConfig);
    // Every name, number and word of the description, with where it begins.
    const tokens = [...config.matchAll(/"[^"]*"|-?[\d.]+|true|false|null/g)];
    const token = fc.constantFrom('null', '0', '-1', '4e9', '""', '"__proto__"', '"Dense"', '[]', '{}', '[[]]', 'true');
    const layerEdit = fc.record({
      at: fc.nat(whole.layers.length - 1),
      shape: fc.option(fc.array(fc.integer({ min: -1, max: 2 ** 31 }), { maxLength: 5 }), { nil: null }),
      keptCount: fc.nat(4),
    });
    fc.assert(
      fc.property(fc.constantFrom(...tokens), token, layerEdit, (old, fresh, { at, shape, keptCount }) => {
        const text = config.slice(0, old.index) + fresh + config.slice(old.index + old[0].length);
        let modelConfig: unknown;
        try {
          modelConfig = JSON.parse(text);
        } catch {
          return;
        }
        const layers = whole.layers.map((layer, index) => {
          if (index !== at) return layer;
          const weights = layer.weights.slice(0, keptCount).map(({ name, weight }) => {
            return { name, weight: { ...weight, shape: shape ?? weight.shape } };
          });
          return { ...layer, weights };
        });
        survives({ kind: 'keras', name: 'own.h5', contents: { ...whole, modelConfig, layers } });
      }),
      { numRuns: 800 },
    );
  });
});
