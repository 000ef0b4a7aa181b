import * as tmImage from '@teachablemachine/image';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { randomStream } from '../../../src/domain/random.ts';
import { PARITY_TOLERANCE } from '../../../src/export/parity-files.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { BACKBONE, runOf } from '../../helpers/sample-run.ts';
import { useBackend } from '../engine/train-setup.ts';
import { drawPicture, fileOf, LABELS, openedBundle, pixelsOf, tinyInput } from './opened-bundle.ts';

/** The bundled network as the page serves it; null on a checkout where it was not prepared. */
async function bundledBackbone() {
  const index = await fetch('/backbones/index.json');
  if (!index.headers.get('content-type')?.includes('json')) return null;
  const [manifest] = (await index.json()).bundled;
  const folder = `/backbones/${manifest.id}`;
  const modelJson = await (await fetch(`${folder}/model.json`)).json();
  const weights = await (await fetch(`${folder}/weights.bin`)).arrayBuffer();
  const graph = readModel(modelJson, weights, manifest);
  return { graph, manifest, original: await tf.loadLayersModel(`${folder}/model.json`) };
}

/** A softmax on features, with weights small enough to leave doubt. */
function randomHead(featureLength: number): HeadWeights {
  const stream = randomStream(11, 'head');
  const kernel = Float32Array.from({ length: featureLength * LABELS.length }, () => stream.normal() * 0.05);
  const bias = Float32Array.of(0.1, -0.2, 0.3);
  return { layers: [{ kernel, bias, inputLength: featureLength, outputLength: LABELS.length, activation: 'softmax' }] };
}

test('a download with the bundled network gives the same probabilities elsewhere', async (context) => {
  await useBackend('wasm');
  const bundled = await bundledBackbone();
  if (bundled === null) return context.skip('The bundled network is not in public/backbones: run "npm start" once.');
  const { graph, manifest, original } = bundled;
  const head = randomHead(graph.featureLength);
  const backbone = { ...BACKBONE, id: manifest.id, inputSide: graph.inputSide, featureLength: graph.featureLength };
  const run = runOf(LABELS, { backbone });
  const files = await openedBundle(tinyInput({ graph, head, run, backbone }));

  const side = graph.inputSide;
  const canvas = drawPicture(3, side, side);
  const bytes = tf.tensor(Float32Array.from(pixelsOf(canvas)), [1, side, side, 3]);
  expect(graph.pixels).toBe('[-1,1]');
  const features = original.predict(bytes.div(127.5).sub(1));
  const [layer] = head.layers;
  if (Array.isArray(features) || layer === undefined) throw new Error('One output expected.');
  const kernel = tf.tensor2d(layer.kernel, [layer.inputLength, layer.outputLength]);
  const expected = await tf.softmax(tf.matMul(features.reshape([1, -1]), kernel).add(layer.bias)).data<'float32'>();
  expect(Math.max(...expected)).toBeLessThan(0.999);

  const model = await tf.loadLayersModel(
    tf.io.browserFiles([fileOf(files, 'model.json'), fileOf(files, 'weights.bin')]),
  );
  const output = model.predict(bytes.div(127).sub(1));
  if (Array.isArray(output)) throw new Error('One output expected.');
  const plain = await output.data<'float32'>();

  const machine = await tmImage.loadFromFiles(
    fileOf(files, 'model.json'),
    fileOf(files, 'weights.bin'),
    fileOf(files, 'metadata.json'),
  );
  const element = document.createElement('canvas');
  element.width = side;
  element.height = side;
  element.getContext('2d')?.drawImage(canvas, 0, 0);
  const found = await machine.predict(element);

  for (const [index, probability] of expected.entries()) {
    expect(Math.abs((plain[index] ?? Number.NaN) - probability)).toBeLessThanOrEqual(PARITY_TOLERANCE);
    expect(Math.abs((found[index]?.probability ?? Number.NaN) - probability)).toBeLessThanOrEqual(PARITY_TOLERANCE);
  }
});
