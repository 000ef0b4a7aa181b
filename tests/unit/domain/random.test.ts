import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream, shuffledIndices, uniformFromText } from '../../../src/domain/random.ts';

const draw = (seed: number, name: string, count: number) => {
  const random = randomStream(seed, name);
  return Array.from({ length: count }, () => random.uint32());
};

test('the same seed and name give the same numbers', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), (seed, name) => {
      expect(draw(seed, name, 8)).toEqual(draw(seed, name, 8));
    }),
  );
});

test('the numbers stay what they were in earlier versions, or every saved run would change', () => {
  expect(draw(42, 'shuffle', 4)).toEqual([1574060631, 3004956858, 1847731228, 3540409165]);
  expect(uniformFromText(42, 'abc')).toBe(0.2544121097307652);
});

test('streams of different names or seeds share no numbers', () => {
  const first = new Set(draw(42, 'shuffle', 1000));
  const shared = [...draw(42, 'dropout', 1000), ...draw(43, 'shuffle', 1000)].filter((value) => first.has(value));
  expect(shared.length).toBeLessThan(3);
});

test('fill gives the same numbers as drawing one by one, also in turns', () => {
  const random = randomStream(7, 'a');
  const filled = new Uint32Array(5);
  const mixed = [random.uint32()];
  random.fill(filled);
  mixed.push(...filled, random.uint32());
  expect(mixed).toEqual(draw(7, 'a', 7));
});

test('uniform numbers fill [0, 1) evenly', () => {
  const random = randomStream(1, 'even');
  const bins = new Array<number>(20).fill(0);
  for (let index = 0; index < 20_000; index++) {
    const value = random.uniform();
    expect(value >= 0 && value < 1).toBe(true);
    const bin = Math.floor(value * 20);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(43.8); // 0.1 % point for 19 degrees of freedom
});

test('normal numbers have mean 0, deviation 1 and no infinite value', () => {
  const random = randomStream(3, 'normal');
  const values = Array.from({ length: 20_000 }, () => random.normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});

test('a shuffle holds every number once', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.integer(), (count, seed) => {
      const order = shuffledIndices(count, randomStream(seed, 'order'));
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
    }),
  );
});

test('every order of three is about as likely', () => {
  const random = randomStream(5, 'orders');
  const counts = new Map<string, number>();
  for (let round = 0; round < 6000; round++) {
    const order = shuffledIndices(3, random).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
});

test('texts that differ in one letter give unrelated numbers', () => {
  const values = Array.from({ length: 2000 }, (_, index) => uniformFromText(42, index.toString(16).padStart(64, '0')));
  const below = values.filter((value) => value < 0.3).length / values.length;
  expect(below).toBeCloseTo(0.3, 1);
  const neighbours = values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? 0)));
  expect(neighbours.reduce((sum, gap) => sum + gap, 0) / neighbours.length).toBeCloseTo(1 / 3, 1);
});
