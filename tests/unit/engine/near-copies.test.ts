import { expect, test } from 'vitest';
import { type RandomStream, randomStream } from '../../../src/domain/random.ts';
import { findNearCopies } from '../../../src/engine/near-copies/find-near-copies.ts';

const FEATURES = 64;
const around = { signal: new AbortController().signal, yieldToEvents: () => Promise.resolve() };

interface Row {
  readonly hash: string | null;
  readonly values: readonly number[];
}

const drawn = (random: RandomStream): Row => ({
  hash: [random.uint32(), random.uint32()].map((word) => word.toString(16).padStart(8, '0')).join(''),
  values: Array.from({ length: FEATURES }, () => random.normal()),
});

/** Another row with some bits turned over and every feature moved. */
function copyOf({ hash, values }: Row, random: RandomStream, bits: number, noise: number): Row {
  const digits = [...(hash ?? '')];
  for (let bit = 0; bit < bits; bit += 1) {
    const at = (5 * bit) % 64;
    const digit = Number.parseInt(digits[at >> 2] ?? '0', 16) ^ (1 << (at % 4));
    digits[at >> 2] = digit.toString(16);
  }
  return {
    hash: hash === null ? null : digits.join(''),
    values: values.map((value) => value + noise * random.normal()),
  };
}

async function groupsOf(rows: readonly Row[], signal = around.signal): Promise<number[]> {
  const gather = async (wanted: readonly number[]) =>
    Float32Array.from(wanted.flatMap((row) => [...(rows[row]?.values ?? [])]));
  const hashes = rows.map(({ hash }) => hash);
  const source = { count: rows.length, featureLength: FEATURES, hashes, gather };
  return [...(await findNearCopies(source, { ...around, signal }))];
}

test('copies are found among many photos, and photos that only share a class are not', async () => {
  const random = randomStream(1, 'photos');
  // Photos of a class: features alike to 0.5, hashes that have nothing in common.
  const common = Array.from({ length: FEATURES }, () => random.normal());
  const photos = Array.from({ length: 400 }, () => {
    const row = drawn(random);
    return { ...row, values: row.values.map((value, at) => value + (common[at] ?? 0)) };
  });
  const copies = photos.slice(0, 60).map((row) => copyOf(row, random, 5, 0.2));
  const groups = await groupsOf([...photos, ...copies]);
  const found = copies.filter((_, index) => groups[index] !== -1 && groups[index] === groups[400 + index]);
  expect(found.length).toBeGreaterThanOrEqual(58);
  expect(groups.slice(60, 400).every((group) => group === -1)).toBe(true);
});

test('photos alike only by hash, or only by features, are no copies', async () => {
  const random = randomStream(2, 'photos');
  const others = Array.from({ length: 60 }, () => drawn(random));
  const one = { ...drawn(random), hash: '0123456789abcdef' };
  const alikeByHash = { ...drawn(random), hash: one.hash };
  const alikeByFeatures = { ...copyOf(one, random, 0, 0.05), hash: 'fedcba9876543210' };
  const groups = await groupsOf([one, alikeByHash, alikeByFeatures, ...others]);
  expect(groups.slice(0, 3)).toEqual([-1, -1, -1]);
});

test('without hashes only what is alike in nearly every feature is a copy', async () => {
  const random = randomStream(3, 'photos');
  const photos = Array.from({ length: 80 }, () => ({ ...drawn(random), hash: null }));
  const [first, second] = photos;
  if (first === undefined || second === undefined) throw new Error('they were drawn');
  const groups = await groupsOf([...photos, copyOf(first, random, 0, 0.1), copyOf(second, random, 0, 0.6)]);
  expect(groups[80]).toBe(groups[0]);
  expect(groups[0]).not.toBe(-1);
  expect(groups[81]).toBe(-1);
});

test('a chain of small steps does not become one group', async () => {
  const random = randomStream(4, 'photos');
  const [from, to] = [drawn(random), drawn(random)];
  const others = Array.from({ length: 60 }, () => drawn(random));
  // Half a turn from one photo to its opposite, in sixty steps.
  const turn = Array.from({ length: 60 }, (_, index) => {
    const angle = (index / 59) * Math.PI;
    const values = from.values.map((value, at) => Math.cos(angle) * value + Math.sin(angle) * (to.values[at] ?? 0));
    return { hash: from.hash, values };
  });
  const groups = await groupsOf([...turn, ...others]);
  expect(groups[0]).not.toBe(-1);
  expect(groups[0]).not.toBe(groups[59]);
});

test('rows that are all the same are one group', async () => {
  const random = randomStream(5, 'photos');
  const row = drawn(random);
  const others = Array.from({ length: 300 }, () => drawn(random));
  const groups = await groupsOf([...Array.from({ length: 150 }, () => row), ...others]);
  expect(new Set(groups.slice(0, 150)).size).toBe(1);
  expect(groups[0]).not.toBe(-1);
});

test('features that are not numbers, and too few photos, make no group', async () => {
  const broken = { hash: 'f'.repeat(16), values: Array.from({ length: FEATURES }, () => Number.NaN) };
  expect(await groupsOf([broken, broken])).toEqual([-1, -1]);
  expect(await groupsOf([broken])).toEqual([-1]);
  expect(await groupsOf([])).toEqual([]);
});

test('a cancelled search ends with an abort', async () => {
  const cancel = new AbortController();
  cancel.abort();
  const random = randomStream(6, 'photos');
  await expect(groupsOf([drawn(random), drawn(random)], cancel.signal)).rejects.toMatchObject({ name: 'AbortError' });
});
