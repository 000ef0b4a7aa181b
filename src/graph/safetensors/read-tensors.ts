import { beat } from '../../domain/beat.ts';
import type { Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import {
  field,
  type JsonRecord,
  parseJson,
  requireInteger,
  requireList,
  requireRecord,
  requireText,
} from '../json-fields.ts';
import { decodeUtf8 } from '../utf8.ts';
import { float16ToFloat32 } from '../weights/float16.ts';
import type { WeightTable } from '../weights/read-weights.ts';

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 16 * 1024 * 1024;
const MAX_TENSORS = 20_000;
const MAX_RANK = 8;
const METADATA = '__metadata__';

interface Encoding {
  readonly bytesPerValue: number;
  /** Null where the values are whole numbers, which no network's weights are. `bytes` hold exactly the tensor. */
  readonly decode: ((bytes: ArrayBuffer) => Float32Array) | null;
}

const ENCODINGS: ReadonlyMap<string, Encoding> = new Map<string, Encoding>([
  ['F64', { bytesPerValue: 8, decode: (bytes) => Float32Array.from(new Float64Array(bytes)) }],
  ['F32', { bytesPerValue: 4, decode: (bytes) => new Float32Array(bytes) }],
  ['F16', { bytesPerValue: 2, decode: (bytes) => float16ToFloat32(new Uint16Array(bytes)) }],
  ['BF16', { bytesPerValue: 2, decode: bfloat16ToFloat32 }],
  ['I64', { bytesPerValue: 8, decode: null }],
  ['I32', { bytesPerValue: 4, decode: null }],
  ['I16', { bytesPerValue: 2, decode: null }],
  ['I8', { bytesPerValue: 1, decode: null }],
  ['U8', { bytesPerValue: 1, decode: null }],
  ['BOOL', { bytesPerValue: 1, decode: null }],
]);

/** One tensor as the header describes it, its bounds checked. */
interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly encoding: Encoding;
  /** Bytes from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/**
 * The floating-point tensors of a `.safetensors` file by name. Counters (whole numbers) are checked and left out.
 * Format: 8 bytes length of the header (little-endian), the header as JSON `{ name: { dtype, shape, data_offsets } }`,
 * the data without gaps.
 *
 * @throws GraphError 'backbone-corrupt' or 'backbone-unsupported', naming the tensor. All bounds are checked before
 *   anything is copied.
 */
export function readTensors(bytes: ArrayBuffer): WeightTable {
  const { header, dataStart } = readHeader(bytes);
  const names = Object.keys(header).filter((name) => name !== METADATA);
  if (names.length > MAX_TENSORS) throw unsupported(`The file holds more than ${MAX_TENSORS} tensors.`);
  const entries = names.map((name) => readEntry(name, requireRecord(field(header, name), `The tensor "${name}"`)));
  requireGapless(entries, bytes.byteLength - dataStart);
  const table = new Map<string, Weight>();
  for (const { name, shape, encoding, begin, end } of entries) {
    beat();
    if (encoding.decode === null) continue;
    const values = encoding.decode(bytes.slice(dataStart + begin, dataStart + end));
    if (!values.every(Number.isFinite)) throw corrupt(`The tensor "${name}" holds values that are not numbers.`);
    table.set(name, { shape, values });
  }
  return table;
}

function readHeader(bytes: ArrayBuffer): { readonly header: JsonRecord; readonly dataStart: number } {
  if (bytes.byteLength < LENGTH_BYTES) throw corrupt('The file is too short to be a safetensors file.');
  const length = Number(new DataView(bytes).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) throw corrupt(`The file says that its header has ${length} bytes, which cannot be.`);
  const dataStart = LENGTH_BYTES + length;
  if (dataStart > bytes.byteLength) throw corrupt('The file ends before its header does.');
  const text = decodeUtf8(new Uint8Array(bytes, LENGTH_BYTES, length));
  if (text === null) throw corrupt('The header of the file is not a text.');
  return { header: requireRecord(parseJson(text, 'The header of the file'), 'The header of the file'), dataStart };
}

function readEntry(name: string, entry: JsonRecord): TensorEntry {
  const dtype = requireText(field(entry, 'dtype'), `The type of "${name}"`);
  const encoding = ENCODINGS.get(dtype);
  if (encoding === undefined) throw unsupported(`The tensor "${name}" is of type "${dtype}", which cannot be read.`);
  const sides = requireList(field(entry, 'shape'), `The shape of "${name}"`);
  if (sides.length > MAX_RANK) throw corrupt(`The tensor "${name}" has ${sides.length} dimensions.`);
  const shape = sides.map((side) => requireInteger(side, `A side of "${name}"`, 0, 2 ** 31));
  const offsets = requireList(field(entry, 'data_offsets'), `The place of "${name}"`);
  const offset = (index: number) => requireInteger(offsets[index], `The place of "${name}"`, 0, 2 ** 40);
  const [begin, end] = [offset(0), offset(1)];
  const wantedBytes = shape.reduce((product, side) => product * side, encoding.bytesPerValue);
  if (end - begin !== wantedBytes) {
    throw corrupt(`The tensor "${name}" has ${end - begin} bytes; its shape asks for ${wantedBytes}.`);
  }
  return { name, shape, encoding, begin, end };
}

/** Every byte belongs to exactly one tensor: also what shows that a name stands twice in the header. */
function requireGapless(entries: readonly TensorEntry[], dataBytes: number): void {
  let position = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < position) throw corrupt(`The tensor "${name}" overlaps another one.`);
    if (begin > position) throw corrupt(`There are bytes before the tensor "${name}" that belong to none.`);
    if (end > dataBytes) throw corrupt(`The data ends before the tensor "${name}" does.`);
    position = end;
  }
  if (position !== dataBytes)
    throw corrupt(`The file holds ${dataBytes - position} bytes more than its header describes.`);
}

/** bfloat16 is the upper half of a float32. */
function bfloat16ToFloat32(bytes: ArrayBuffer): Float32Array {
  return new Float32Array(Uint32Array.from(new Uint16Array(bytes), (half) => half << 16).buffer);
}
