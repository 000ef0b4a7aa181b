import * as tf from '@tensorflow/tfjs';
import { BlobReader, BlobWriter, ZipReader } from '@zip.js/zip.js';
import { UNCOMPRESSED } from '../../../src/domain/compression.ts';
import type { ResizeMode } from '../../../src/domain/project.ts';
import { decodePixels } from '../../../src/engine/decode.ts';
import { buildModelBundle, type ModelBundleInput } from '../../../src/export/build-model-bundle.ts';
import type { ParitySample } from '../../../src/export/parity-files.ts';
import { zipBlobs } from '../../../src/files/zip-blobs.ts';
import { BACKBONE, predictionsOf, runOf } from '../../helpers/sample-run.ts';
import { FEATURE_LENGTH, referenceProbabilities, SIDE, TINY_GRAPH, TINY_HEAD } from './tiny-parts.ts';

export const LABELS = ['cat/lynx', '🐶 dog', 'bird'];

/** Everything a download of the tiny network needs. */
export function tinyInput(change: Partial<ModelBundleInput> = {}): ModelBundleInput {
  return {
    graph: TINY_GRAPH,
    head: TINY_HEAD,
    compression: UNCOMPRESSED,
    layerInputs: null,
    measured: null,
    run: runOf(LABELS),
    predictions: predictionsOf(3, [{ part: 'test', from: 0, to: 0, count: 4 }]),
    project: { name: 'Pets & <b>birds</b>' },
    backbone: { ...BACKBONE, inputSide: SIDE, featureLength: FEATURE_LENGTH },
    samples: [],
    createdAtIso: '2026-05-18T10:00:00.000Z',
    versions: { graft: '0.1.0', tfjs: tf.version.tfjs },
    ...change,
  };
}

/** Smooth coloured waves with a few edges, different for every number; opaque. */
export function drawPicture(number: number, width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  const sky = context.createLinearGradient(0, 0, width, height);
  sky.addColorStop(0, `hsl(${number * 67} 70% 30%)`);
  sky.addColorStop(1, `hsl(${number * 67 + 140} 60% 75%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  for (let spot = 0; spot < 5; spot++) {
    context.fillStyle = `hsl(${number * 31 + spot * 80} 80% 55%)`;
    context.beginPath();
    const [x, y] = [((spot * 37 + number * 13) % 100) / 100, ((spot * 53 + number * 29) % 100) / 100];
    context.arc(x * width, y * height, height * 0.18, 0, 2 * Math.PI);
    context.fill();
  }
  return canvas;
}

/** uint8 [side, side, 3] RGB of a square canvas. */
export function pixelsOf(canvas: OffscreenCanvas): Uint8Array {
  const { data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
  return Uint8Array.from(
    { length: canvas.width * canvas.height * 3 },
    (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)] ?? 0,
  );
}

export async function tinySamples(count: number): Promise<ParitySample[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const canvas = drawPicture(number, SIDE, SIDE);
      const pixels = pixelsOf(canvas);
      return {
        name: `picture-${number}.png`,
        className: LABELS[number % LABELS.length] ?? '',
        original: await canvas.convertToBlob(),
        pixels,
        probabilities: await referenceProbabilities(pixels),
      };
    }),
  );
}

/** Shrunk by halves first, and by less than a half. */
const SIZES = [
  [301, 180],
  [40, 46],
] as const;

/**
 * A download with five samples, and pictures to try with what the page of the download should say of them.
 * @public Called in the page that `tests/e2e/demo-page.test.ts` opens.
 */
export async function tinyDownload(resizeMode: ResizeMode) {
  const run = { ...runOf(LABELS), resizeMode };
  const zip = await zipBlobs(buildModelBundle(tinyInput({ run, samples: await tinySamples(5) })));
  const pictures = SIZES.map(async ([width, height]) => {
    const picture = await drawPicture(11, width, height).convertToBlob();
    const expected = await referenceProbabilities(await decodePixels(picture, SIDE, resizeMode));
    return { picture, expected: Array.from(expected) };
  });
  return { zip, pictures: await Promise.all(pictures) };
}

/** Writes the download as a zip and reads the zip back. Files by path, in the order of the zip. */
export async function openedBundle(input: ModelBundleInput): Promise<Map<string, Blob>> {
  const zip = await zipBlobs(buildModelBundle(input));
  const files = new Map<string, Blob>();
  for (const entry of await new ZipReader(new BlobReader(zip)).getEntries()) {
    if (!entry.directory) files.set(entry.filename, await entry.getData(new BlobWriter()));
  }
  return files;
}

/** A file of an opened download, named as it would be on disk. */
export function fileOf(files: ReadonlyMap<string, Blob>, path: string): File {
  const blob = files.get(path);
  if (blob === undefined) throw new Error(`The download has no ${path}.`);
  return new File([blob], path);
}

export async function jsonOf(files: ReadonlyMap<string, Blob>, path: string) {
  return JSON.parse(await fileOf(files, path).text());
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('No canvas.');
  return context;
}
