import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PixelScaling } from '../../../src/domain/backbone.ts';
import type { FoldedGraph } from '../../../src/graph/folded-graph.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { writeLayersModel } from '../../../src/graph/write-layers-model.ts';
import { interpreted } from './support/interpreted.ts';
import { differenceRatio, foldedFeatures, seededImages, startReference, tf } from './support/tfjs-reference.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/graph');

/** What `make-golden.py` wrote: features by network and by the layer they were taken at. */
interface Golden {
  readonly inputSide: number;
  readonly features: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

const golden = JSON.parse(readFileSync(join(FIXTURES, 'golden.json'), 'utf8')) as Golden;

function load(family: string) {
  const modelJson: unknown = JSON.parse(readFileSync(join(FIXTURES, `${family}.json`), 'utf8'));
  return { modelJson, weightData: new Uint8Array(readFileSync(join(FIXTURES, `${family}.bin`))).buffer };
}

function read(family: string, featureLayer: string | null, pixels: PixelScaling = '[-1,1]') {
  const { modelJson, weightData } = load(family);
  return readModel(modelJson, weightData, { inputSide: golden.inputSide, pixels, featureLayer });
}

beforeAll(startReference);

describe.each(Object.keys(golden.features))("a small %s gives Keras's features", (family) => {
  const cuts = Object.entries(golden.features[family] ?? {});

  it.each(cuts)('at %s', async (layer, numbers) => {
    const wanted = Float32Array.from(numbers);
    const images = seededImages(golden.inputSide, 1);
    const graph = read(family, layer);
    const before = tf.memory().numTensors;
    expect(differenceRatio(wanted, interpreted(graph, images))).toBeLessThan(1e-4);
    expect(tf.memory().numTensors).toBe(before);
    expect(differenceRatio(wanted, await foldedFeatures(graph, images))).toBeLessThan(1e-4);
    images.dispose();
  });

  it('and is cut at the first of these places when none is named', () => {
    expect(read(family, null).featureSource).toBe(cuts[0]?.[0]);
  });

  it('and again when it was written as a layers model and read back', () => {
    const images = seededImages(golden.inputSide, 1);
    const graph = read(family, null);
    const { modelJson, weightData } = writeLayersModel(graph, { head: null, pixelInput: 'graph' });
    const again = readModel(modelJson, weightData, { ...graph, featureLayer: null });
    expect(differenceRatio(interpreted(graph, images), interpreted(again, images))).toBeLessThan(1e-5);
    images.dispose();
  });
});

describe('what folding leaves of a network', () => {
  const apart = ({ nodes }: FoldedGraph) => nodes.filter((node) => node.op === 'affine').length;

  it('is no batch norm apart from those between an addition and its activation', () => {
    const families = ['mobilenet-v1', 'mobilenet-v2', 'resnet', 'vgg'];
    expect(families.map((family) => apart(read(family, null)))).toEqual([0, 0, 0, 0]);
    expect(apart(read('resnet-v2', null))).toBe(5);
  });

  it('is no arithmetic on the input where a scaling of pixels can stand for it', () => {
    const graph = read('mobilenet-v3', null, '0-255');
    expect(graph.pixels).toBe('[-1,1]');
    expect(apart(graph)).toBe(0);
    expect(apart(read('mobilenet-v3', null))).toBe(1);
  });

  it('has hard swish and hard sigmoid put together from the arithmetic Keras writes', () => {
    const activations = read('mobilenet-v3', null).nodes.map((node) => ('activation' in node ? node.activation : ''));
    expect(activations.filter((activation) => activation === 'hardSwish')).toHaveLength(8);
    expect(activations.filter((activation) => activation === 'hardSigmoid')).toHaveLength(2);
    expect(activations).not.toContain('relu6');
  });
});
