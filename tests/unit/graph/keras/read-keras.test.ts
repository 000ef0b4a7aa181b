import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KerasContents } from '../../../../src/graph/model-proposal.ts';
import { readAnyModel } from '../../../../src/graph/read-any-model.ts';
import { readKerasBytes } from '../support/hdf5.ts';
import { differenceRatio, foldedFeatures, seededValues, startReference, tf } from '../support/tfjs-reference.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/keras');

interface Golden {
  readonly side: number;
  readonly seed: number;
  readonly features: Readonly<Record<string, readonly number[]>>;
}

const golden = JSON.parse(readFileSync(join(FIXTURES, 'features.json'), 'utf8')) as Golden;

const readFixture = (file: string) => readKerasBytes(readFileSync(join(FIXTURES, file)));

const KNOWN = [
  { file: 'functional-keras3.h5', name: 'MobileNet v2', pixels: '[-1,1]', isFixed: true },
  { file: 'sequential-keras3.h5', name: 'sequential-keras3', pixels: '0-255', isFixed: true },
  { file: 'functional-keras2.h5', name: 'MobileNet v1', pixels: '[-1,1]', isFixed: true },
  { file: 'vgg16_weights_notop.h5', name: 'VGG-16', pixels: 'caffe', isFixed: false },
  { file: 'resnet50_weights_notop.h5', name: 'ResNet', pixels: 'caffe', isFixed: false },
  { file: 'mobilenet_weights_notop.h5', name: 'MobileNet v1', pixels: '[-1,1]', isFixed: false },
  { file: 'mobilenet_v2_weights_notop.h5', name: 'MobileNet v2', pixels: '[-1,1]', isFixed: false },
] as const;

describe('a Keras file gives the features Keras gives', () => {
  beforeAll(startReference);

  it.each(KNOWN)('for $file', async ({ file, name, pixels, isFixed }) => {
    const { side, seed, features } = golden;
    const contents = await readFixture(file);
    const { graph, proposal } = readAnyModel({ kind: 'keras', name: file, contents }, { inputSide: side });
    expect(proposal).toMatchObject({ format: 'keras-h5', name, pixels, inputSideFixed: isFixed });
    // A Rescaling layer at the start has become part of the pixels' scaling: the folded network takes its result.
    const isScaled = graph.pixels !== pixels;
    const values = seededValues(side * side * 3, seed).map((value) => (isScaled ? value / 127.5 - 1 : value));
    const images = tf.tensor4d(values, [1, side, side, 3]);
    const wanted = Float32Array.from(features[file] ?? []);
    expect(differenceRatio(wanted, await foldedFeatures(graph, images))).toBeLessThan(1e-4);
    images.dispose();
  });
});

describe('a Keras file that cannot be read', () => {
  const read = (contents: KerasContents) => () => readAnyModel({ kind: 'keras', name: 'own.h5', contents });
  const weightless: KerasContents = { modelConfig: null, kerasVersion: null, layers: [] };
  const ones = (...shape: number[]) => ({
    shape,
    values: new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(1),
  });

  it('is refused when it holds only weights of an unknown network', () => {
    const layers = [{ layerName: 'mystery', weights: [{ name: 'mystery/kernel:0', weight: ones(3, 3, 3, 2) }] }];
    expect(read({ ...weightless, layers })).toThrow(/first layer is "mystery"/);
    expect(read(weightless)).toThrow(/holds no weights/);
  });

  it('is refused by name when a weight is no number', async () => {
    const contents = await readFixture('sequential-keras3.h5');
    const values = contents.layers.find(({ layerName }) => layerName === 'second')?.weights[1]?.weight.values;
    values?.fill(Number.NaN, 3, 4);
    expect(read(contents)).toThrow(/second\/pointwise_kernel/);
  });

  it('is refused by name when a layer lacks its weights', async () => {
    const contents = await readFixture('vgg16_weights_notop.h5');
    const layers = contents.layers.map((layer) =>
      layer.layerName === 'block3_conv2' ? { ...layer, weights: [] } : layer,
    );
    expect(read({ ...contents, layers })).toThrow(/"block3_conv2" lack its kernel/);
  });
});
