import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startGraph } from '../../../src/engine/interpreter.ts';
import type { FoldedGraph } from '../../../src/graph/folded-graph.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { splitAtStage } from '../../../src/graph/split-at-stage.ts';
import { stagesOf } from '../../../src/graph/stages.ts';
import {
  differenceRatio,
  features,
  randomise,
  readArguments,
  seededImages,
  startReference,
  tf,
} from './support/tfjs-reference.ts';

beforeAll(startReference);

type Symbolic = tf.SymbolicTensor;
const layers = tf.layers;
const apply = (layer: { apply: (x: Symbolic | Symbolic[]) => unknown }, x: Symbolic | Symbolic[]) =>
  layer.apply(x) as Symbolic;

const SIDE = 12;
const CHANNELS = 4;

/** Steps that keep the shape, so that any of them may follow any other, also around a shortcut. */
const STEPS = {
  conv: (x) => apply(layers.conv2d({ filters: CHANNELS, kernelSize: 3, padding: 'same' }), x),
  pointwise: (x) => apply(layers.conv2d({ filters: CHANNELS, kernelSize: 1, useBias: false }), x),
  depthwise: (x) => apply(layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }), x),
  separable: (x) => apply(layers.separableConv2d({ filters: CHANNELS, kernelSize: 3, padding: 'same' }), x),
  norm: (x) => apply(layers.batchNormalization(), x),
  rescaling: (x) => apply(layers.rescaling({ scale: 0.7, offset: 0.2 }), x),
  relu: (x) => apply(layers.activation({ activation: 'relu' }), x),
  relu6: (x) => apply(layers.reLU({ maxValue: 6 }), x),
  sigmoid: (x) => apply(layers.activation({ activation: 'sigmoid' }), x),
  hardSigmoid: (x) => apply(layers.activation({ activation: 'hardSigmoid' }), x),
  dropout: (x) => apply(layers.dropout({ rate: 0.5 }), x),
  maxPool: (x) => apply(layers.maxPooling2d({ poolSize: 3, strides: 1, padding: 'same' }), x),
  averagePool: (x) => apply(layers.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same' }), x),
  paddedConv: (x) =>
    apply(layers.conv2d({ filters: CHANNELS, kernelSize: 3 }), apply(layers.zeroPadding2d({ padding: 1 }), x)),
  paddedPool: (x) =>
    apply(layers.maxPooling2d({ poolSize: 3, strides: 1 }), apply(layers.zeroPadding2d({ padding: 1 }), x)),
  squeeze: (x) => {
    const pooled = apply(layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }), x);
    const gate = apply(layers.dense({ units: CHANNELS, activation: 'sigmoid' }), pooled);
    return apply(layers.multiply(), [x, apply(layers.reshape({ targetShape: [1, 1, CHANNELS] }), gate)]);
  },
} as const satisfies Readonly<Record<string, (x: Symbolic) => Symbolic>>;

type Step = keyof typeof STEPS;

/** How a shortcut comes back: `chain` is no shortcut. */
type Join = 'chain' | 'add' | 'multiply' | 'concat';

interface Block {
  readonly steps: readonly Step[];
  readonly join: Join;
}

function joined(join: Join, x: Symbolic, y: Symbolic): Symbolic {
  if (join === 'chain') return y;
  if (join === 'add') return apply(layers.add(), [x, y]);
  if (join === 'multiply') return apply(layers.multiply(), [x, y]);
  return apply(layers.conv2d({ filters: CHANNELS, kernelSize: 1 }), apply(layers.concatenate(), [x, y]));
}

function build(blocks: readonly Block[]): tf.LayersModel {
  const input = tf.input({ shape: [SIDE, SIDE, 3] });
  const stem = apply(layers.conv2d({ filters: CHANNELS, kernelSize: 3, padding: 'same' }), input);
  const output = blocks.reduce(
    (x, { steps, join }) =>
      joined(
        join,
        x,
        steps.reduce((y, step) => STEPS[step](y), x),
      ),
    stem,
  );
  return tf.model({ inputs: input, outputs: output });
}

const blocks = fc.array(
  fc.record({
    steps: fc.array(fc.constantFrom(...(Object.keys(STEPS) as Step[])), { minLength: 1, maxLength: 5 }),
    join: fc.constantFrom<Join>('chain', 'chain', 'add', 'multiply', 'concat'),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Features by the lower part, then the upper. */
function cutInTwo(graph: FoldedGraph, stageCount: number, images: tf.Tensor4D): Float32Array {
  const { lower, upper } = splitAtStage(graph, stageCount);
  const [below, above] = [startGraph(lower), startGraph(upper)];
  const values = tf.tidy(() => {
    const atCut = below.run(images);
    return above
      .run(tf.reshape(atCut, [-1, ...upper.inputShape]))
      .dataSync<'float32'>()
      .slice();
  });
  below.dispose();
  above.dispose();
  return values;
}

describe('a network put together at random', () => {
  it('gives the same folded as tfjs computes it unfolded, and can be cut at each of its stages', async () => {
    const images = seededImages(SIDE, 1);
    await fc.assert(
      fc.asyncProperty(blocks, async (plan) => {
        const model = build(plan);
        randomise(model);
        const graph = readModel(...(await readArguments(model, { inputSide: SIDE })));
        const running = startGraph(graph);
        const output = running.run(images);
        const given = output.dataSync<'float32'>().slice();
        output.dispose();
        running.dispose();
        const wanted = features(model, images);
        model.dispose();
        // Gates over dead ReLUs answer nothing but zeros, which no difference is relative to: ours must be zeros too.
        if (wanted.every((value) => value === 0)) expect(given.every((value) => value === 0)).toBe(true);
        else expect(differenceRatio(wanted, given)).toBeLessThan(1e-4);
        for (const [stageCount, stage] of stagesOf(graph).entries()) {
          if (stageCount > 0) expect(cutInTwo(graph, stageCount, images)).toEqual(given);
          const cut = graph.nodes.findIndex(({ name }) => name === stage.nodeName);
          const below = new Set(graph.nodes.slice(0, cut).map(({ name }) => name));
          const crossing = graph.nodes.slice(cut + 1).flatMap(({ inputs }) => inputs.filter((name) => below.has(name)));
          expect(crossing).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
    images.dispose();
  });
});
