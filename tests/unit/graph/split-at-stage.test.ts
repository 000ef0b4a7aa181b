import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TunedStages } from '../../../src/domain/tuned-stages.ts';
import { startGraph } from '../../../src/engine/interpreter.ts';
import type { FoldedGraph, FoldedNode } from '../../../src/graph/folded-graph.ts';
import { GraphError } from '../../../src/graph/graph-error.ts';
import { parameterCountOf } from '../../../src/graph/parameter-count.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { maxStageCount, splitAtStage, withTunedStages } from '../../../src/graph/split-at-stage.ts';
import { stagesOf } from '../../../src/graph/stages.ts';
import { seededImages, startReference, tf } from './support/tfjs-reference.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/graph');
const FAMILIES = ['mobilenet-v1', 'mobilenet-v2', 'mobilenet-v3', 'resnet', 'resnet-v2', 'vgg', 'xception'];
const SIDE = 32;

function read(family: string): FoldedGraph {
  const modelJson: unknown = JSON.parse(readFileSync(join(FIXTURES, `${family}.json`), 'utf8'));
  const weightData = new Uint8Array(readFileSync(join(FIXTURES, `${family}.bin`))).buffer;
  return readModel(modelJson, weightData, { inputSide: SIDE, pixels: '[-1,1]', featureLayer: null });
}

function valuesOf(nodes: readonly FoldedNode[], input: tf.Tensor4D): Float32Array {
  const running = startGraph({ nodes });
  const output = running.run(input);
  const values = output.dataSync<'float32'>().slice();
  output.dispose();
  running.dispose();
  return values;
}

/** Every weight of some nodes, changed by `change`. */
function tunedOf(nodes: readonly FoldedNode[], change: (value: number) => number): TunedStages {
  const weights = nodes.flatMap((node) => {
    if ('kernel' in node) return [{ nodeName: node.name, kernel: node.kernel.values, bias: node.bias.values }];
    if (node.op === 'affine') return [{ nodeName: node.name, kernel: node.scale.values, bias: node.offset.values }];
    return [];
  });
  return {
    stageCount: 1,
    cutNode: nodes[0]?.name ?? '',
    weights: weights.map(({ nodeName, kernel, bias }) => ({
      nodeName,
      kernel: kernel.map(change),
      bias: bias.map(change),
    })),
  };
}

beforeAll(startReference);

describe.each(FAMILIES)('a small %s', (family) => {
  const graph = read(family);
  const counts = Array.from({ length: maxStageCount(graph) }, (_, index) => index + 1);

  it('can be cut somewhere', () => {
    expect(counts.length).toBeGreaterThan(0);
  });

  it.each(counts)('is the lower part, then the upper, when its last %i stages are cut off', (stageCount) => {
    const { lower, upper } = splitAtStage(graph, stageCount);
    const images = seededImages(SIDE, 2);
    const below = valuesOf(lower.nodes, images);
    expect(below).toHaveLength(2 * lower.featureLength);
    const atCut = tf.tensor4d(below, [2, ...upper.inputShape]);
    expect(valuesOf(upper.nodes, atCut)).toEqual(valuesOf(graph.nodes, images));
    tf.dispose([images, atCut]);
    expect(parameterCountOf(upper.nodes)).toBe(stagesOf(graph)[stageCount]?.parameterCountAbove);
    expect(parameterCountOf(lower.nodes) + parameterCountOf(upper.nodes)).toBe(parameterCountOf(graph.nodes));
  });

  it('with tuned weights gives the same cut or whole, and something else than before', () => {
    const { lower, upper } = splitAtStage(graph, counts.length);
    const tuned = tunedOf(upper.nodes, (value) => value * 1.1 + 0.01);
    const images = seededImages(SIDE, 1);
    const atCut = tf.tensor4d(valuesOf(lower.nodes, images), [1, ...upper.inputShape]);
    const whole = valuesOf(withTunedStages(graph, tuned).nodes, images);
    expect(valuesOf(withTunedStages(upper, tuned).nodes, atCut)).toEqual(whole);
    expect(whole).not.toEqual(valuesOf(graph.nodes, images));
    tf.dispose([images, atCut]);
  });
});

describe('what does not fit is refused', () => {
  const graph = read('mobilenet-v2');

  it.each([0, maxStageCount(graph) + 1])('%i stages', (stageCount) => {
    expect(() => splitAtStage(graph, stageCount)).toThrow(GraphError);
  });

  it('tuned weights of another length, of a node that is not there, or of one without weights', () => {
    const tuned = tunedOf(splitAtStage(graph, 1).upper.nodes, (value) => value);
    const [first, ...rest] = tuned.weights;
    if (first === undefined) throw new Error('nothing was tuned');
    const shorter = { ...first, bias: first.bias.subarray(1) };
    const elsewhere = { ...first, nodeName: 'nowhere' };
    const weightless = { ...first, nodeName: graph.nodes[0]?.name ?? '' };
    for (const wrong of [shorter, elsewhere, weightless]) {
      expect(() => withTunedStages(graph, { ...tuned, weights: [wrong, ...rest] })).toThrow(GraphError);
    }
  });
});
