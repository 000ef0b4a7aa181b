import { beforeAll, describe, expect, it } from 'vitest';
import { GraphError } from '../../../src/graph/graph-error.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { apply, conv, layers, network, type Symbolic } from './support/layers-by-hand.ts';
import { readArguments, startReference } from './support/tfjs-reference.ts';

beforeAll(startReference);

describe('a layers model that cannot be read is refused by name', () => {
  const refusals: readonly [string, (x: Symbolic) => Symbolic, RegExp][] = [
    ['an unknown activation', (x) => conv(x, { activation: 'elu', name: 'bent' }), /"bent".*elu/],
    ['an unknown layer', (x) => apply(layers.upSampling2d({ name: 'top' }), conv(x)), /"top".*UpSampling2D/],
    ['a leaky ReLU', (x) => apply(layers.leakyReLU({ name: 'leak' }), conv(x)), /"leak".*LeakyReLU/],
    [
      'values of unequal shape added',
      (x) => conv(apply(layers.permute({ dims: [1, 2, 3], name: 'turn' }), x)),
      /"turn"/,
    ],
  ];
  for (const [what, build, message] of refusals) {
    it(`for ${what}`, async () => {
      const args = await readArguments(network(build), {});
      expect(() => readModel(...args)).toThrow(message);
      expect(() => readModel(...args)).toThrow(GraphError);
    });
  }

  it('for another input size than described', async () => {
    const args = await readArguments(network(conv), { inputSide: 16 });
    expect(() => readModel(...args)).toThrow(/12 pixels.*16/);
  });

  it('for a feature layer it does not have', async () => {
    const args = await readArguments(network(conv), { featureLayer: 'out_relu' });
    expect(() => readModel(...args)).toThrow(/"out_relu"/);
  });
});
