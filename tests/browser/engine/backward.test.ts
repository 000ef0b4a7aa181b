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

it('gives the same slopes on webgpu, where it is available', async () => {
  const isThere = await tf.setBackend('webgpu').catch(() => false);
  if (!isThere) {
    console.info('Skipped: webgpu is not available in this browser.');
    return;
  }
  const wanted = [
    'convolution in two groups',
    'depthwise 3 x 3, uneven padding, stride 2',
    'concat of three branches and a pad',
  ];
  for (const { title, graph } of GRADIENT_CASES.filter((one) => wanted.includes(one.title))) {
    expect([title, worstDifference(await compareSlopes(graph)) < TOLERANCE]).toEqual([title, true]);
  }
});
