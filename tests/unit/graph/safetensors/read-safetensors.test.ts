import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, recogniseSafetensors } from '../../../../src/graph/read-safetensors.ts';
import { differenceRatio, foldedFeatures, seededValues, startReference, tf } from '../support/tfjs-reference.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/safetensors');

interface Golden {
  readonly side: number;
  readonly seed: number;
  readonly features: Readonly<Record<string, readonly number[]>>;
}

const golden = JSON.parse(readFileSync(join(FIXTURES, 'features.json'), 'utf8')) as Golden;

function readFixture(id: string) {
  const bytes = new Uint8Array(readFileSync(join(FIXTURES, `${id}.safetensors`))).buffer;
  const recognised = recogniseSafetensors(bytes);
  const facts = { inputSide: golden.side, pixels: 'imagenet', featureLayer: null } as const;
  return { architecture: recognised.architecture, graph: readSafetensors(recognised, facts) };
}

const KNOWN: readonly (readonly [string, string, string])[] = [
  ['resnet18-timm', 'ResNet-18', 'resnet'],
  ['resnet34-timm', 'ResNet-34', 'resnet'],
  ['resnet50-timm', 'ResNet-50', 'resnet'],
  ['mobilenet-v2-torchvision', 'MobileNet v2', 'mobilenet-v2'],
  ['mobilenet-v2-timm', 'MobileNet v2', 'mobilenet-v2'],
  ['mobilenet-v3-large-torchvision', 'MobileNet v3 large', 'mobilenet-v3'],
  ['mobilenet-v3-large-timm', 'MobileNet v3 large', 'mobilenet-v3'],
  ['vgg16-torchvision', 'VGG-16', 'vgg'],
  ['vgg16-bn-torchvision', 'VGG-16 with batch norm', 'vgg'],
];

describe('a safetensors file gives the features PyTorch gives', () => {
  beforeAll(startReference);

  it.each(KNOWN)('for %s, recognised as %s', async (id, name, family) => {
    const { architecture, graph } = readFixture(id);
    expect(architecture).toMatchObject({ name, family });
    const { side, seed } = golden;
    const images = tf.tensor4d(seededValues(side * side * 3, seed), [1, side, side, 3]);
    const wanted = Float32Array.from(golden.features[id] ?? []);
    expect(wanted.length).toBe(graph.featureLength);
    expect(differenceRatio(wanted, await foldedFeatures(graph, images))).toBeLessThan(1e-4);
    images.dispose();
  });
});
