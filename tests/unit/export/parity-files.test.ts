import { describe, expect, test } from 'vitest';
import { preprocessingOf } from '../../../src/domain/preprocessing.ts';
import { type ParitySample, parityFiles } from '../../../src/export/parity-files.ts';

const PREPROCESSING = preprocessingOf('pad', 2);

function sample(name: string, className: string): ParitySample {
  return {
    name,
    className,
    original: new Blob(['original bytes']),
    pixels: new Uint8Array(12).fill(7),
    probabilities: Float32Array.of(0.1234567, 0.8765433),
  };
}

async function filesOf(samples: readonly ParitySample[]): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>();
  for await (const { path, content } of parityFiles(samples, ['cat/lynx', 'dog'], PREPROCESSING)) {
    files.set(path, new Blob([content]));
  }
  return files;
}

describe('parityFiles', () => {
  test('writes each sample as original and exact pixels under safe names, and lists them', async () => {
    const files = await filesOf([sample('IMG 1.JPG', 'cat/lynx'), sample('photo', 'dog'), sample('x.webp', '..')]);
    const expected = JSON.parse((await files.get('parity/expected.json')?.text()) ?? '');
    expect(expected.tolerance).toBe(1e-4);
    expect(expected.labels).toEqual(['cat/lynx', 'dog']);
    expect(expected.preprocessing).toEqual(PREPROCESSING);
    expect(expected.samples).toHaveLength(3);
    expect(expected.samples[0]).toEqual({
      original: '1-cat_lynx.jpg',
      pixels: '1-cat_lynx.pixels.png',
      trueLabel: 'cat/lynx',
      probabilities: [0.123457, 0.876543],
    });
    const listed = expected.samples.flatMap((one: { original: string; pixels: string }) => [one.original, one.pixels]);
    expect([...files.keys()]).toEqual(['parity/expected.json', ...listed.map((name: string) => `parity/${name}`)]);
    expect(await files.get('parity/1-cat_lynx.jpg')?.text()).toBe('original bytes');
  });

  test('writes the list even when the run has no images left to show', async () => {
    const files = await filesOf([]);
    expect([...files.keys()]).toEqual(['parity/expected.json']);
  });
});
