import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pixelAffine } from '../../../src/graph/pixel-scaling.ts';
import { readAnyModel } from '../../../src/graph/read-any-model.ts';
import {
  differenceRatio,
  foldedFeatures,
  loadLayers,
  type ModelFiles,
  saveModel,
  seededImages,
  startReference,
  tf,
} from './support/tfjs-reference.ts';

const encode = (json: unknown) => new Uint8Array(new TextEncoder().encode(JSON.stringify(json))).buffer;

const filesOf = ({ modelJson, weightData }: ModelFiles, labels: unknown) => [
  { name: 'export/model.json', bytes: encode(modelJson) },
  { name: 'export/weights.bin', bytes: weightData },
  { name: 'export/metadata.json', bytes: encode({ labels, imageSize: 16 }) },
];

/** The build of every Teachable Machine download, small: a network and a head, each a Sequential. */
async function smallExport(headActivation: 'relu' | 'tanh' = 'relu'): Promise<ModelFiles> {
  const conv = tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', inputShape: [16, 16, 3] });
  const body = tf.sequential({ layers: [conv, tf.layers.globalAveragePooling2d({})] });
  const hidden = tf.layers.dense({ units: 5, activation: headActivation, inputShape: [4] });
  const classes = tf.layers.dense({ units: 2, activation: 'softmax', useBias: false });
  const model = tf.sequential({ layers: [body, tf.sequential({ layers: [hidden, classes] })] });
  return saveModel(model);
}

describe('a Teachable Machine download', () => {
  beforeAll(startReference);

  it('gives its network, its pixels, its labels and a head that classifies as the original does', async () => {
    const files = await smallExport();
    const { graph, proposal } = readAnyModel({ kind: 'files', files: filesOf(files, ['cat', 'dog']) });
    expect(proposal).toMatchObject({
      format: 'teachable-machine',
      pixels: 'teachable-machine',
      inputSide: 16,
      inputSideFixed: true,
    });
    expect(pixelAffine(graph.pixels).scale[0]).toBe(1 / 127);
    const { labels, weights, reason } = proposal.head ?? {};
    expect({ labels, reason }).toEqual({ labels: ['cat', 'dog'], reason: null });
    const images = seededImages(16);
    const whole = await loadLayers(files);
    const wanted = (whole.predict(images) as tf.Tensor).dataSync() as Float32Array;
    const head = weights ?? null;
    expect(head?.layers.map(({ activation }) => activation)).toEqual(['relu', 'softmax']);
    const given = await foldedFeatures(graph, images, { head, pixelInput: 'graph' });
    expect(differenceRatio(wanted, given)).toBeLessThan(1e-4);
  });

  it('keeps its network and says why where its head is of another build', async () => {
    const files = filesOf(await smallExport('tanh'), ['cat', 'dog']);
    const { graph, proposal } = readAnyModel({ kind: 'files', files });
    expect(graph.featureLength).toBe(4);
    expect(proposal.head).toMatchObject({ weights: null, reason: expect.stringMatching(/tanh/) });
  });

  it('is refused when its labels do not fit its head', async () => {
    const files = await smallExport();
    expect(() => readAnyModel({ kind: 'files', files: filesOf(files, ['cat']) })).toThrow(/1 labels.*2 outputs/);
    expect(() => readAnyModel({ kind: 'files', files: filesOf(files, [1, 2]) })).toThrow(/A label/);
  });

  it('is refused when a file of its weights was not chosen', async () => {
    const files = filesOf(await smallExport(), ['cat', 'dog']).filter(({ name }) => !name.endsWith('.bin'));
    expect(() => readAnyModel({ kind: 'files', files })).toThrow(/weights.bin" is missing/);
  });
});

const SHARED = join(import.meta.dirname, '../../../../shared/backbones/tm_export_sample');
const isThere = existsSync(SHARED);
if (!isThere)
  console.info('Skipped: the real Teachable Machine download is not on this machine (../shared/backbones).');

describe.skipIf(!isThere)('a real Teachable Machine download', () => {
  it('gives the feature and the head of 1,280 numbers', () => {
    const files = ['model.json', 'weights.bin', 'metadata.json'].map((name) => ({
      name,
      bytes: new Uint8Array(readFileSync(join(SHARED, name))).buffer,
    }));
    const { graph, proposal } = readAnyModel({ kind: 'files', files });
    expect(graph).toMatchObject({ featureLength: 1280, pixels: 'teachable-machine', inputSide: 224 });
    expect(proposal.head?.labels).toEqual(['Healthy', 'Need more care', 'Critical condition']);
    expect(proposal.head?.weights?.layers.map(({ outputLength }) => outputLength)).toEqual([100, 3]);
    expect(proposal.featureChoices.length).toBeGreaterThan(3);
  });
});
