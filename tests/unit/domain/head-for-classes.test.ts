import { expect, test } from 'vitest';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { headForClasses } from '../../../src/domain/head-for-classes.ts';

const label = (id: string) => ({ id, name: id.toUpperCase(), colorIndex: 0 });
const [A, B, C] = [label('a'), label('b'), label('c')];

/** Two features; output n of the last layer holds n + 1 in its kernel's first row, ten times that in the second. */
const HEAD: HeadWeights = {
  layers: [
    {
      kernel: Float32Array.of(1, 2, 10, 20),
      bias: Float32Array.of(0.25, 0.5),
      inputLength: 2,
      outputLength: 2,
      activation: 'softmax',
    },
  ],
};

test('outputs follow their classes, new ones start at zero, and both are told', () => {
  const matched = headForClasses(HEAD, [A, B], [C, B]);
  expect(matched?.head.layers[0]).toEqual({
    kernel: Float32Array.of(0, 2, 0, 20),
    bias: Float32Array.of(0, 0.5),
    inputLength: 2,
    outputLength: 2,
    activation: 'softmax',
  });
  expect(matched?.newClasses).toEqual([C]);
  expect(matched?.droppedClasses).toEqual([A]);
});

test('the layers before the last stay', () => {
  const hidden = { ...HEAD.layers[0], activation: 'relu' } as const;
  const head = { layers: [hidden, ...HEAD.layers] } as HeadWeights;
  expect(headForClasses(head, [A, B], [B, A, C])?.head.layers[0]).toBe(hidden);
});

test('a head that knows none of the classes, or other classes than it has outputs, cannot be matched', () => {
  expect(headForClasses(HEAD, [A, B], [C])).toBeNull();
  expect(headForClasses(HEAD, [A], [A])).toBeNull();
  expect(headForClasses({ layers: [] }, [], [A])).toBeNull();
});
