import { beat } from '../../domain/beat.ts';
import type { Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import {
  field,
  isRecord,
  requireInteger,
  requireList,
  requireNumber,
  requireRecord,
  requireText,
} from '../json-fields.ts';
import { float16ToFloat32 } from './float16.ts';
import { joinBuffers } from './join-buffers.ts';

/** Every tensor of a manifest by name. Integers and booleans are given as float32 too: they are only axes and paddings. */
export type WeightTable = ReadonlyMap<string, Weight>;

const MAX_TENSORS = 20_000;
const MAX_RANK = 8;

interface Encoding {
  readonly bytesPerValue: number;
  /** `bytes` hold exactly the tensor, at an even address. */
  readonly decode: (bytes: ArrayBuffer) => Float32Array;
}

/**
 * Decodes the binaries of a tfjs model: float32, float16, int32, bool, and the quantised forms uint8, uint16, float16.
 *
 * @param groups the manifest, `[{ paths, weights: [{ name, shape, dtype, quantization? }] }]`.
 * @param data the binaries in manifest order, joined or in parts; little-endian.
 * @throws GraphError 'backbone-corrupt' when data is missing, left over, not finite or described twice.
 */
export function readWeights(groups: unknown, data: ArrayBuffer | readonly ArrayBuffer[]): WeightTable {
  const bytes = data instanceof ArrayBuffer ? data : joinBuffers(data);
  const table = new Map<string, Weight>();
  let offset = 0;
  for (const entry of tensorEntries(groups)) {
    beat();
    const name = requireText(field(entry, 'name'), 'The name of a tensor');
    if (table.has(name)) throw corrupt(`The tensor "${name}" is described twice.`);
    const encoding = readEncoding(entry, name);
    const shape = readShape(entry, name);
    const size = countValues(shape, name) * encoding.bytesPerValue;
    if (offset + size > bytes.byteLength) throw corrupt(`The data ends before the tensor "${name}" does.`);
    const values = encoding.decode(bytes.slice(offset, offset + size));
    checkFinite(values, name);
    table.set(name, { shape, values });
    offset += size;
  }
  if (offset !== bytes.byteLength) {
    throw corrupt(`The data holds ${bytes.byteLength - offset} bytes more than its description.`);
  }
  return table;
}

function tensorEntries(groups: unknown) {
  const entries = requireList(groups, 'The list of weights').flatMap((group) =>
    requireList(field(requireRecord(group, 'A group of weights'), 'weights'), 'The tensors of a group'),
  );
  if (entries.length > MAX_TENSORS) throw unsupported(`The model holds more than ${MAX_TENSORS} tensors.`);
  return entries.map((entry) => requireRecord(entry, 'The description of a tensor'));
}

function readShape(entry: Readonly<Record<string, unknown>>, name: string): readonly number[] {
  const shape = requireList(field(entry, 'shape'), `The shape of "${name}"`);
  if (shape.length > MAX_RANK) throw corrupt(`The tensor "${name}" has ${shape.length} dimensions.`);
  return shape.map((length) => requireInteger(length, `A side of "${name}"`, 1, 2 ** 31));
}

function countValues(shape: readonly number[], name: string): number {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count > 2 ** 31) throw corrupt(`The tensor "${name}" claims ${count} values.`);
  return count;
}

function readEncoding(entry: Readonly<Record<string, unknown>>, name: string): Encoding {
  const dtype = requireText(field(entry, 'dtype'), `The type of "${name}"`);
  const quantization = field(entry, 'quantization');
  if (isRecord(quantization)) return readQuantization(quantization, dtype, name);
  switch (dtype) {
    case 'float32':
      return { bytesPerValue: 4, decode: (bytes) => new Float32Array(bytes) };
    case 'float16':
      return { bytesPerValue: 2, decode: (bytes) => float16ToFloat32(new Uint16Array(bytes)) };
    case 'int32':
      return { bytesPerValue: 4, decode: (bytes) => Float32Array.from(new Int32Array(bytes)) };
    case 'bool':
      return { bytesPerValue: 1, decode: (bytes) => Float32Array.from(new Uint8Array(bytes)) };
    default:
      throw unsupported(`The tensor "${name}" is of type "${dtype}", which cannot be read.`);
  }
}

/** Quantised tensors hold `value * scale + min`; whole numbers are rounded back. */
function readQuantization(quantization: Readonly<Record<string, unknown>>, dtype: string, name: string): Encoding {
  const kind = field(quantization, 'dtype');
  if (kind === 'float16') return { bytesPerValue: 2, decode: (bytes) => float16ToFloat32(new Uint16Array(bytes)) };
  if (kind !== 'uint8' && kind !== 'uint16') throw unsupported(`The tensor "${name}" is quantised in an unknown way.`);
  const scale = requireNumber(field(quantization, 'scale'), `The scale of "${name}"`);
  const min = requireNumber(field(quantization, 'min'), `The minimum of "${name}"`);
  const toValue =
    dtype === 'int32' ? (step: number) => Math.round(step * scale + min) : (step: number) => step * scale + min;
  const decode = (steps: Uint8Array | Uint16Array) => {
    const values = new Float32Array(steps.length);
    for (let i = 0; i < steps.length; i += 1) values[i] = toValue(steps[i] ?? 0);
    return values;
  };
  return kind === 'uint8'
    ? { bytesPerValue: 1, decode: (bytes) => decode(new Uint8Array(bytes)) }
    : { bytesPerValue: 2, decode: (bytes) => decode(new Uint16Array(bytes)) };
}

function checkFinite(values: Float32Array, name: string): void {
  if (!values.every(Number.isFinite)) throw corrupt(`The tensor "${name}" holds values that are not numbers.`);
}
