import * as tmImage from '@teachablemachine/image';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodePixels } from '../../../src/engine/decode.ts';
import { predictProbabilities } from '../../../src/engine/head.ts';
import { fitNeighbours } from '../../../src/engine/heads/neighbours-head.ts';
import { PARITY_TOLERANCE } from '../../../src/export/parity-files.ts';
import { splitAtStage } from '../../../src/graph/split-at-stage.ts';
import { stagesOf } from '../../../src/graph/stages.ts';
import { type WrittenModel, writeLayersModel } from '../../../src/graph/write-layers-model.ts';
import {
  drawPicture,
  fileOf,
  jsonOf,
  LABELS,
  openedBundle,
  pixelsOf,
  tinyInput,
  tinySamples,
} from './opened-bundle.ts';
import { FEATURE_LENGTH, headProbabilities, referenceProbabilities, SIDE, TINY_GRAPH } from './tiny-parts.ts';

async function layersModel(files: ReadonlyMap<string, Blob>): Promise<tf.LayersModel> {
  return tf.loadLayersModel(tf.io.browserFiles([fileOf(files, 'model.json'), fileOf(files, 'weights.bin')]));
}

async function loadWritten({ modelJson, weightData }: WrittenModel): Promise<tf.LayersModel> {
  const json = new File([JSON.stringify(modelJson)], 'model.json');
  return tf.loadLayersModel(tf.io.browserFiles([json, new File([weightData], 'weights.bin')]));
}

async function teachableMachine(files: ReadonlyMap<string, Blob>) {
  const [model, weights, metadata] = ['model.json', 'weights.bin', 'metadata.json'].map((path) => fileOf(files, path));
  if (model === undefined || weights === undefined || metadata === undefined) throw new Error('unreachable');
  return tmImage.loadFromFiles(model, weights, metadata);
}

async function predict(model: tf.LayersModel, input: tf.Tensor): Promise<Float32Array> {
  const output = model.predict(input);
  if (Array.isArray(output)) throw new Error('The model has more than one output.');
  return output.data<'float32'>();
}

function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const differences = Array.from(expected, (value, index) => Math.abs(value - (found[index] ?? Number.NaN)));
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
}

async function elementOf(canvas: OffscreenCanvas): Promise<HTMLCanvasElement> {
  const element = document.createElement('canvas');
  element.width = canvas.width;
  element.height = canvas.height;
  element.getContext('2d')?.drawImage(canvas, 0, 0);
  return element;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('the tiny network is a fair judge: its answers are neither certain nor the same for every picture', async () => {
  const [one, two] = (await tinySamples(2)).map(({ probabilities }) => Array.from(probabilities));
  expect(Math.max(...(one ?? []))).toBeLessThan(0.95);
  expect(Math.abs((one?.[0] ?? 0) - (two?.[0] ?? 0))).toBeGreaterThan(0.01);
});

describe('a download of backbone and head', () => {
  let files: Map<string, Blob>;
  beforeAll(async () => {
    files = await openedBundle(tinyInput({ samples: await tinySamples(5) }));
  });

  test('holds the promised files and nothing else', () => {
    const names = ['1-cat_lynx', '2-🐶 dog', '3-bird', '4-cat_lynx', '5-🐶 dog'];
    expect([...files.keys()].sort()).toEqual(
      [
        ...['README.txt', 'index.html', 'labels.txt', 'metadata.json', 'model-card.md', 'model.json', 'weights.bin'],
        ...['page/model.js', 'page/page.js', 'page/prepare.js', 'page/tf.min.js'],
        'parity/expected.json',
        ...names.flatMap((name) => [`parity/${name}.png`, `parity/${name}.pixels.png`]),
      ].sort(),
    );
  });

  test('gives the reference probabilities in plain TensorFlow.js, on the exact pixels', async () => {
    const model = await layersModel(files);
    for (let number = 0; number < 3; number++) {
      const pixels = pixelsOf(drawPicture(number + 20, SIDE, SIDE));
      const input = tf.tensor(
        Float32Array.from(pixels, (byte) => byte / 127 - 1),
        [1, SIDE, SIDE, 3],
      );
      expectNear(await predict(model, input), await referenceProbabilities(pixels), PARITY_TOLERANCE);
    }
  });

  test('gives the reference probabilities in the library of Teachable Machine, on the exact pixels', async () => {
    const model = await teachableMachine(files);
    expect(model.getClassLabels()).toEqual(LABELS);
    expect(model.getTotalClasses()).toBe(LABELS.length);
    for (let number = 0; number < 3; number++) {
      const canvas = drawPicture(number + 20, SIDE, SIDE);
      const found = await model.predict(await elementOf(canvas));
      expect(found.map(({ className }) => className)).toEqual(LABELS);
      const expected = await referenceProbabilities(pixelsOf(canvas));
      expectNear(
        found.map(({ probability }) => probability),
        expected,
        PARITY_TOLERANCE,
      );
    }
  });

  test('stays within two percentage points in the library of Teachable Machine on whole images', async () => {
    const model = await teachableMachine(files);
    for (let number = 0; number < 4; number++) {
      const canvas = drawPicture(number, 640, 480);
      const expected = await referenceProbabilities(await decodePixels(await canvas.convertToBlob(), SIDE, 'crop'));
      const found = await model.predict(await elementOf(canvas));
      expectNear(
        found.map(({ probability }) => probability),
        expected,
        0.02,
      );
    }
  });

  test('has parity samples another program can follow: its pixels, decoded again, give its probabilities', async () => {
    const expected = await jsonOf(files, 'parity/expected.json');
    const model = await layersModel(files);
    expect(expected.samples).toHaveLength(5);
    for (const sample of expected.samples) {
      const bitmap = await createImageBitmap(fileOf(files, `parity/${sample.pixels}`));
      expect([bitmap.width, bitmap.height]).toEqual([SIDE, SIDE]);
      const input = tf.browser.fromPixels(bitmap).toFloat().div(127).sub(1).expandDims(0);
      expectNear(await predict(model, input), sample.probabilities, expected.tolerance);
    }
  });

  test('keeps class names with slashes and emoji, and says what made the model', async () => {
    const metadata = await jsonOf(files, 'metadata.json');
    expect(metadata.labels).toEqual(LABELS);
    expect(metadata.userMetadata.graft.kind).toBe('whole-model');
    expect(await fileOf(files, 'labels.txt').text()).toBe('0 cat/lynx\n1 🐶 dog\n2 bird\n');
    expect(await fileOf(files, 'model-card.md').text()).toContain('# Pets & \\<b\\>birds\\</b\\>');
  });

  test('puts no text of the user into index.html', async () => {
    const page = await fileOf(files, 'index.html').text();
    expect(page).not.toContain('birds');
    expect(page).toContain("connect-src 'none'");
  });
});

describe('a download of the head alone', () => {
  test('loads in plain TensorFlow.js and takes features', async () => {
    const files = await openedBundle(tinyInput({ graph: null, samples: await tinySamples(1) }));
    expect(files.has('index.html')).toBe(false);
    const model = await layersModel(files);
    const features = tf.linspace(-1, 2, FEATURE_LENGTH).expandDims(0);
    expectNear(await predict(model, features), await headProbabilities(features).data(), 1e-6);
    expect((await jsonOf(files, 'metadata.json')).userMetadata.graft.kind).toBe('head-only');
  });
});

test('nearest neighbours are a plain layers model in a download, whole or the head alone', async () => {
  const examples = {
    values: tf.randomNormal([30, FEATURE_LENGTH], 0, 0.3, 'float32', 5).dataSync<'float32'>(),
    featureLength: FEATURE_LENGTH,
  };
  const rowIndices = Int32Array.from({ length: 30 }, (_, row) => row);
  const { head } = await fitNeighbours({
    features: examples,
    rowIndices,
    classIndices: rowIndices.map((row) => row % 3),
    images: [...rowIndices].map(String),
    classCount: 3,
    classWeights: 'none',
    seed: 1,
    pause: () => Promise.resolve(),
  });
  const pixels = pixelsOf(drawPicture(3, SIDE, SIDE));
  const image = tf.tensor4d(Float32Array.from(pixels), [1, SIDE, SIDE, 3]).div(127).sub(1);
  const below = await loadWritten(writeLayersModel(TINY_GRAPH, { head: null, pixelInput: 'teachable-machine' }));
  const feature = below.predict(image) as tf.Tensor2D;
  const expected = await predictProbabilities(feature, head);
  expect(Math.max(...expected)).toBeLessThan(0.95);
  const whole = await openedBundle(tinyInput({ head }));
  expectNear(await predict(await layersModel(whole), image), expected, PARITY_TOLERANCE);
  const found = await (await teachableMachine(whole)).predict(await elementOf(drawPicture(3, SIDE, SIDE)));
  expectNear(
    found.map(({ probability }) => probability),
    expected,
    PARITY_TOLERANCE,
  );
  const alone = await openedBundle(tinyInput({ head, graph: null }));
  expectNear(await predict(await layersModel(alone), feature), expected, 1e-6);
});

test('a backbone other than the one trained on is refused before anything is written', async () => {
  const input = tinyInput();
  const other = { ...input, backbone: { ...input.backbone, id: 'another' } };
  await expect(openedBundle(other)).rejects.toMatchObject({ code: 'backbone-mismatch' });
});

test('a download of tuned stages and head alone takes the values at the cut and says what the whole model says', async () => {
  const [last] = stagesOf(TINY_GRAPH).slice(-1);
  const stageCount = stagesOf(TINY_GRAPH).length - 1;
  const files = await openedBundle(tinyInput({ graph: null, tunedNetwork: { graph: TINY_GRAPH, stageCount } }));
  expect(await fileOf(files, 'README.txt').text()).toContain(`${last?.nodeName}, not images`);
  const { lower } = splitAtStage(TINY_GRAPH, stageCount);
  const model = await layersModel(files);
  const [sample] = await tinySamples(1);
  if (sample === undefined) throw new Error('unreachable');
  const pixels = tf.tensor4d(Float32Array.from(sample.pixels), [1, SIDE, SIDE, 3]).div(127).sub(1);
  const below = await loadWritten(writeLayersModel(lower, { head: null, pixelInput: 'teachable-machine' }));
  const atCut = tf.reshape(below.predict(pixels) as tf.Tensor, [1, ...(last?.shape ?? [])]);
  expectNear(await predict(model, atCut), sample.probabilities, PARITY_TOLERANCE);
  model.dispose();
  below.dispose();
});
