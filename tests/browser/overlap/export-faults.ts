import { BlobReader, BlobWriter, ZipReader } from '@zip.js/zip.js';
import type { DenseWeights } from '../../../src/domain/head.ts';
import { hashOf } from '../../helpers/browser/engine.ts';
import { applyHead, type Features, largestDifference } from './reference.ts';

/** Parity figures come from exact pixels, the head from features rounded to half precision. */
const TOLERANCE = 0.02;

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * What is wrong with a download: the answers in it must be those of its own head on the features of the backbone that it
 * names, and the weights in it must be that backbone's.
 */
export async function exportFaults(
  zip: Blob,
  features: Features,
  backboneTensors: ReadonlyMap<string, readonly Tensor[]>,
): Promise<string[]> {
  const files = await unzipped(zip);
  const json = async (path: string) => JSON.parse((await files.get(path)?.text()) ?? 'null');
  const metadata = await json('metadata.json');
  const backboneId: string = metadata?.userMetadata?.graft?.backbone?.id ?? 'none';
  const expected = await json('parity/expected.json');
  const tensors = await readTensors(await json('model.json'), files.get('weights.bin') ?? new Blob());
  const head = { layers: [denseOf(tensors)] };
  const faults: string[] = [];
  for (const { original, probabilities } of expected?.samples ?? []) {
    const picture = files.get(`parity/${original}`) ?? new Blob();
    const row = features.get(backboneId)?.get(await hashOf(picture));
    const difference = row === undefined ? Number.NaN : largestDifference(applyHead(head, row), probabilities);
    if (!(difference < TOLERANCE)) faults.push(`the download for ${backboneId} says ${difference} else of ${original}`);
  }
  if (!(expected?.samples?.length > 0)) faults.push('the download has no parity samples');
  // A head alone has no such tensor.
  const mix = tensors.find(isMix);
  const wanted = backboneTensors.get(backboneId)?.find(isMix);
  if (mix !== undefined && largestDifference(mix.values, wanted?.values ?? []) > 1e-6) {
    faults.push(`the download names ${backboneId} and has weights of another backbone`);
  }
  return faults;
}

/** The convolution of 1 x 1 that every backbone of the suite ends with. */
function isMix({ shape }: Tensor): boolean {
  return shape.length === 4 && shape[0] === 1 && shape[2] === 8;
}

function denseOf(tensors: readonly Tensor[]): DenseWeights {
  const kernel = tensors.findLast(({ shape }) => shape.length === 2);
  const bias = tensors.at(-1);
  const [inputLength = 0, outputLength = 0] = kernel?.shape ?? [];
  return {
    kernel: kernel?.values ?? new Float32Array(),
    bias: bias?.values ?? new Float32Array(),
    inputLength,
    outputLength,
    activation: 'softmax',
  };
}

async function unzipped(zip: Blob): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>();
  for (const entry of await new ZipReader(new BlobReader(zip)).getEntries()) {
    const isWanted = /^(model\.json|weights\.bin|metadata\.json|parity\/)/.test(entry.filename);
    if (!entry.directory && isWanted) files.set(entry.filename, await entry.getData(new BlobWriter()));
  }
  return files;
}

/** The tensors of a layers model, all of them float32, in the order of its manifest. */
export async function readTensors(modelJson: unknown, weights: Blob): Promise<Tensor[]> {
  const bytes = await weights.arrayBuffer();
  // Written by Graft; a file of another form has no tensors and fails what looks for them.
  const { weightsManifest = [] } = (modelJson ?? {}) as {
    weightsManifest?: { weights: { name: string; shape: number[] }[] }[];
  };
  let offset = 0;
  return weightsManifest
    .flatMap((group) => group.weights)
    .map(({ name, shape }) => {
      const length = shape.reduce((product, size) => product * size, 1);
      const values = new Float32Array(bytes, offset, length);
      offset += length * Float32Array.BYTES_PER_ELEMENT;
      return { name, shape, values };
    });
}
