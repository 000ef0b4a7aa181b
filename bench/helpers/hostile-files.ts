import { readFileSync } from 'node:fs';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

/** A file made to harm, or damaged. */
export interface HostileFile {
  readonly what: string;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const KERAS = 'tests/fixtures/keras';
const MEGABYTE = 2 ** 20;
const text = (content: string) => new TextEncoder().encode(content);
const json = (value: unknown) => text(JSON.stringify(value));

function fixture(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path));
}

/** Bytes that look like chance and are the same every time. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

function replaced(bytes: Uint8Array<ArrayBuffer>, found: string, by: string): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const at = Buffer.from(copy).indexOf(found);
  if (at < 0) throw new Error(`${found} is not in the file`);
  copy.set(text(by), at);
  return copy;
}

function safetensors(header: string, dataBytes: number): Uint8Array<ArrayBuffer> {
  const head = text(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(head.length), true);
  return joined(length, head, new Uint8Array(dataBytes));
}

const layer = (name: string, from: readonly string[]) => ({
  name,
  class_name: 'Activation',
  config: { name, activation: 'relu' },
  inbound_nodes: [from.map((source) => [source, 0, 0, {}])],
});

function layersModel(layers: readonly object[], weights: readonly object[] = []): Uint8Array<ArrayBuffer> {
  const config = { name: 'm', layers, input_layers: [['image', 0, 0]], output_layers: [['end', 0, 0]] };
  return json({ modelTopology: { class_name: 'Model', config }, weightsManifest: [{ paths: [], weights }] });
}

/** Networks: what the HDF5 library, the header of safetensors and the description of tfjs can be made to say. */
export function hostileNetworks(): HostileFile[] {
  const keras = fixture(`${KERAS}/functional-keras2.h5`);
  const weights = fixture(`${KERAS}/vgg16_weights_notop.h5`);
  const tensor = (shape: readonly number[], end: number) => ({ dtype: 'F32', shape, data_offsets: [0, end] });
  const million = Object.fromEntries(Array.from({ length: 1e6 }, (_, index) => [`t${index}`, tensor([0], 0)]));
  const nodes = Array.from({ length: 1e6 }, (_, index) => ({
    name: `n${index}`,
    op: 'Relu',
    input: [`n${index - 1}`],
  }));
  return [
    { what: 'half a file', name: 'half.h5', bytes: weights.slice(0, weights.length / 2) },
    { what: 'noise behind a true beginning', name: 'noise.h5', bytes: joined(keras.slice(0, 96), noise(MEGABYTE)) },
    { what: 'noise in its middle', name: 'middle.h5', bytes: withNoise(weights, 2000, 20_000) },
    {
      what: 'a description that is no JSON',
      name: 'text.h5',
      bytes: replaced(keras, '{"class_name"', '!"class_name"'),
    },
    { what: '3,000 names, each the same 60 kB', name: 'names.h5', bytes: fixture(`${KERAS}/names-without-end.h5`) },
    {
      what: 'a tensor of 4 GB',
      name: 'big.safetensors',
      bytes: safetensors(JSON.stringify({ a: tensor([2 ** 30], 2 ** 32) }), 8),
    },
    { what: 'a header of 2^63 bytes', name: 'header.safetensors', bytes: new Uint8Array(64).fill(0x7f) },
    { what: 'a million tensors', name: 'many.safetensors', bytes: safetensors(JSON.stringify(million), 0) },
    { what: 'layers in a circle', name: 'model.json', bytes: layersModel([layer('a', ['end']), layer('end', ['a'])]) },
    {
      what: 'a weight of 4 GB',
      name: 'model.json',
      bytes: layersModel([layer('end', ['image'])], [{ name: 'end/kernel', shape: [2 ** 30], dtype: 'float32' }]),
    },
    {
      what: 'a million nodes',
      name: 'model.json',
      bytes: json({ format: 'graph-model', modelTopology: { node: nodes }, weightsManifest: [] }),
    },
    { what: 'brackets a million deep', name: 'model.json', bytes: text(`${'['.repeat(1e6)}${']'.repeat(1e6)}`) },
  ];
}

function withNoise(bytes: Uint8Array<ArrayBuffer>, start: number, length: number): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy.set(noise(length), start);
  return copy;
}

/** A PNG that says it has so many pixels a side and has none. */
function claimingPng(side: number): Uint8Array<ArrayBuffer> {
  const png = fixture('tests/fixtures/engine/halves.png');
  const view = new DataView(png.buffer);
  view.setUint32(16, side);
  view.setUint32(20, side);
  return png;
}

/** Pictures and archives, as they are dropped on the page. */
export async function hostileImports(): Promise<HostileFile[]> {
  const jpeg = fixture('tests/fixtures/engine/halves.jpg');
  let nested = await zipOf({ 'a.jpg': jpeg });
  for (let depth = 0; depth < 20; depth += 1) nested = await zipOf({ 'deeper.zip': nested });
  return [
    { what: 'a picture of 60,000 x 60,000 px', name: 'large.png', bytes: claimingPng(60_000) },
    { what: 'half a picture', name: 'half.jpg', bytes: jpeg.slice(0, jpeg.length / 2) },
    { what: 'noise behind a true beginning', name: 'noise.jpg', bytes: joined(jpeg.slice(0, 100), noise(MEGABYTE)) },
    {
      what: 'a zip of 300 MB of zeros',
      name: 'zeros.zip',
      bytes: await zipOf({ 'a/zeros.png': new Uint8Array(300 * MEGABYTE) }),
    },
    { what: 'zips 20 deep', name: 'deep.zip', bytes: nested },
    { what: 'half a zip', name: 'half.zip', bytes: nested.slice(0, nested.length / 2) },
  ];
}

async function zipOf(entries: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [path, bytes] of Object.entries(entries)) await writer.add(path, new Uint8ArrayReader(bytes));
  return new Uint8Array(await writer.close());
}
