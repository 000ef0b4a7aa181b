import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../../src/graph/read-model.ts';
import { writeLayersModel } from '../../../src/graph/write-layers-model.ts';
import {
  differenceRatio,
  features,
  foldedFeatures,
  loadLayers,
  type ModelFiles,
  seededImages,
  startReference,
  summarise,
  tf,
} from './support/tfjs-reference.ts';

/** Real ImageNet networks that lie beside the project on some machines. */
const SHARED = join(import.meta.dirname, '../../../../shared/backbones');

type Facts = Parameters<typeof readModel>[2];

interface Known {
  readonly id: string;
  readonly featureLength: number;
  readonly operationCount: number;
}

const KNOWN: readonly Known[] = [
  { id: 'mobilenet_v1_0.25_128_q8', featureLength: 256, operationCount: 29 },
  { id: 'mobilenet_v1_1.0_224_q8', featureLength: 1024, operationCount: 29 },
  { id: 'mobilenet_v2_0.35_224', featureLength: 1280, operationCount: 64 },
  { id: 'mobilenet_v2_1.0_224_tf2_f16', featureLength: 1280, operationCount: 64 },
  { id: 'resnet18_layer3_224', featureLength: 256, operationCount: 24 },
  { id: 'resnet50v2_gluon_stage3_224', featureLength: 1024, operationCount: 74 },
];

function readFiles(id: string): ModelFiles {
  const dir = join(SHARED, id);
  const modelJson = JSON.parse(readFileSync(join(dir, 'model.json'), 'utf8')) as {
    weightsManifest: { paths: string[] }[];
  };
  const paths = modelJson.weightsManifest.flatMap((group) => group.paths);
  const joined = Buffer.concat(paths.map((path) => readFileSync(join(dir, path))));
  return { modelJson, weightData: new Uint8Array(joined).buffer };
}

const isThere = existsSync(SHARED) && readdirSync(SHARED).length > 0;
if (!isThere) console.info('Skipped: the real networks are not on this machine (../shared/backbones).');

describe.skipIf(!isThere)('a real network gives the features it gave before folding', () => {
  beforeAll(startReference);

  for (const { id, featureLength, operationCount } of KNOWN) {
    it(`for ${id}`, async () => {
      const files = readFiles(id);
      const facts = JSON.parse(readFileSync(join(SHARED, id, 'backbone.json'), 'utf8')) as Facts;
      const graph = readModel(files.modelJson, files.weightData, facts);
      expect(graph.featureLength).toBe(featureLength);
      expect(graph.pixels).toBe(facts.pixels);
      expect(graph.nodes.length).toBe(operationCount);

      const whole = await loadLayers(files);
      const output = facts.featureLayer === null ? whole.outputs : whole.getLayer(facts.featureLayer).output;
      const images = seededImages(facts.inputSide, 1);
      const wanted = features(tf.model({ inputs: whole.inputs, outputs: output }), images);
      expect(differenceRatio(wanted, await foldedFeatures(graph, images))).toBeLessThan(1e-4);
      whole.dispose();
      images.dispose();
    });
  }

  it('for a Teachable Machine download, its own head cut away', async () => {
    const files = readFiles('tm_export_sample');
    const facts: Facts = { inputSide: 224, pixels: '[-1,1]', featureLayer: null };
    const graph = readModel(files.modelJson, files.weightData, facts);
    expect(graph.featureLength).toBe(1280);
    const whole = (await loadLayers(files)) as tf.Sequential;
    const images = seededImages(224, 1);
    const wanted = features(whole.layers[0] as tf.Sequential, images);
    expect(differenceRatio(wanted, await foldedFeatures(graph, images))).toBeLessThan(1e-4);
    whole.dispose();
    images.dispose();
  });

  it('and reads the same graph back from what it writes', () => {
    const files = readFiles('mobilenet_v2_0.35_224');
    const facts: Facts = { inputSide: 224, pixels: '[-1,1]', featureLayer: null };
    const graph = readModel(files.modelJson, files.weightData, facts);
    const written = writeLayersModel(graph, { head: null, pixelInput: 'graph' });
    const again = readModel(structuredClone(written.modelJson), written.weightData, facts);
    expect(summarise(again.nodes)).toEqual(summarise(graph.nodes));
  });
});
