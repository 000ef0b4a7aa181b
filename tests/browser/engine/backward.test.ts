import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '../../../src/engine/tf.ts';
import { GRADIENT_CASES } from './gradient-cases.ts';
import { compareSlopes, worstDifference } from './gradient-check.ts';
import { useBackend } from './train-setup.ts';

/** Half of the bend that a compared weight may have, and rounding. */
const TOLERANCE = 6e-3;

describe.each(['wasm', 'cpu'] as const)('the slopes that the backward pass gives on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(GRADIENT_CASES)('are those that small changes show: $title', async ({ graph }) => {
    const before = tf.memory().numTensors;
    const compared = await compareSlopes(graph);
    expect(tf.memory().numTensors).toBe(before);
    // Of every weighted node something was compared, kinks left out.
    const nodes = new Set(compared.map(({ weight }) => weight.split('[')[0]));
    expect([...nodes].sort()).toEqual(
      graph.nodes
        .filter((node) => 'kernel' in node || node.op === 'affine')
        .map(({ name }) => name)
        .sort(),
    );
    expect(worstDifference(compared)).toBeLessThan(TOLERANCE);
  });
});

const ON_WEBGPU = [
  'convolution in two groups',
  'depthwise 3 x 3, uneven padding, stride 2',
  'concat of three branches and a pad',
];

it('gives the same slopes on webgpu, where it is available', async ({ skip }) => {
  const isThere = await tf.setBackend('webgpu').catch(() => false);
  skip(!isThere || tf.getBackend() !== 'webgpu', 'this browser has no webgpu');
  const cases = GRADIENT_CASES.filter(({ title }) => ON_WEBGPU.includes(title));
  expect(cases).toHaveLength(ON_WEBGPU.length);
  for (const { title, graph } of cases) {
    const compared = await compareSlopes(graph);
    expect(tf.getBackend()).toBe('webgpu');
    expect([title, compared.length > 0, worstDifference(compared) < TOLERANCE]).toEqual([title, true, true]);
  }
});
