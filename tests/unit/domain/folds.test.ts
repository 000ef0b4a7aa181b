import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FoldItem,
  foldsOf,
  MAX_FOLDS,
  MIN_FOLDS,
  type SampleItem,
  stratifiedSample,
} from '../../../src/domain/folds.ts';

const SEEDS = fc.integer({ min: 0, max: 1000 });
const FOLD_COUNTS = fc.integer({ min: MIN_FOLDS, max: MAX_FOLDS });

type Item = FoldItem & SampleItem;

/** Up to 80 images of up to four classes; a group may have several, also of several classes. */
const ITEMS: fc.Arbitrary<Item[]> = fc
  .array(fc.record({ group: fc.integer({ min: 0, max: 60 }), classId: fc.constantFrom('a', 'b', 'c', 'd') }), {
    maxLength: 80,
  })
  .map((items) => items.map(({ group, classId }) => ({ hash: `${group}`, groupId: `${group}`, classId })));

/** The same without groups. */
const DISTINCT: fc.Arbitrary<Item[]> = ITEMS.map((items) =>
  items.map((item, index) => ({ ...item, hash: `${index}`, groupId: `${index}` })),
);

function classCounts(items: readonly SampleItem[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { classId } of items) counts.set(classId, (counts.get(classId) ?? 0) + 1);
  return counts;
}

describe('folds', () => {
  test('differ by at most one image, in all and in every class', () => {
    fc.assert(
      fc.property(DISTINCT, FOLD_COUNTS, SEEDS, (items, foldCount, seed) => {
        const folds = foldsOf(items, foldCount, seed);
        for (const group of [
          items,
          ...['a', 'b', 'c', 'd'].map((id) => items.filter(({ classId }) => classId === id)),
        ]) {
          const sizes = Array.from(
            { length: foldCount },
            (_, fold) => group.filter((item) => folds[items.indexOf(item)] === fold).length,
          );
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('keep every group together, also across classes', () => {
    fc.assert(
      fc.property(ITEMS, FOLD_COUNTS, SEEDS, (items, foldCount, seed) => {
        const folds = foldsOf(items, foldCount, seed);
        const byGroup = new Map(items.map(({ groupId }, index) => [groupId, folds[index]]));
        items.forEach(({ groupId }, index) => {
          expect(folds[index]).toBe(byGroup.get(groupId));
        });
      }),
    );
  });

  test('do not depend on the order of arrival, nor on what the classes are called', () => {
    const shuffled = ITEMS.chain((items) =>
      fc.tuple(fc.constant(items), fc.shuffledSubarray([...items.keys()], { minLength: items.length })),
    );
    fc.assert(
      fc.property(shuffled, FOLD_COUNTS, SEEDS, ([items, order], foldCount, seed) => {
        const moved = order.map((from) => {
          const { groupId = '', classId = '' } = items[from] ?? {};
          return { groupId, classId: `renamed-${'dcba'.charAt('abcd'.indexOf(classId))}` };
        });
        const folds = foldsOf(items, foldCount, seed);
        expect(foldsOf(moved, foldCount, seed)).toEqual(order.map((from) => folds[from]));
      }),
    );
  });

  test('are others with another seed', () => {
    const items = Array.from({ length: 40 }, (_, index) => ({ groupId: `${index}`, classId: 'a' }));
    expect(foldsOf(items, 5, 1)).not.toEqual(foldsOf(items, 5, 2));
  });

  test('of bursts are as even as whole bursts allow', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sizes, FOLD_COUNTS, SEEDS, (groupSizes, foldCount, seed) => {
        const items = groupSizes.flatMap((size, group) =>
          Array.from({ length: size }, () => ({ groupId: `${group}`, classId: 'a' })),
        );
        const folds = foldsOf(items, foldCount, seed);
        const counts = Array.from({ length: foldCount }, (_, fold) => folds.filter((other) => other === fold).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(Math.max(...groupSizes));
      }),
    );
  });

  test.each([1, 11, 2.5, Number.NaN])('are refused for a number of %s', (foldCount) => {
    expect(() => foldsOf([], foldCount, 42)).toThrow(RangeError);
  });
});

describe('a stratified sample', () => {
  test('has exactly as many images as wanted, each once, and every class gets its share or ten', () => {
    fc.assert(
      fc.property(DISTINCT, fc.integer({ min: 4, max: 80 }), SEEDS, (items, limit, seed) => {
        const chosen = stratifiedSample(items, limit, seed);
        expect(new Set(chosen).size).toBe(Math.min(limit, items.length));
        expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
        const before = classCounts(items);
        const after = classCounts(chosen.flatMap((index) => items[index] ?? []));
        for (const [classId, count] of before) {
          const least = Math.min(count, 10, Math.floor(limit / before.size));
          expect(after.get(classId) ?? 0).toBeGreaterThanOrEqual(least);
        }
      }),
    );
  });

  test('goes by shares beyond the first ten', () => {
    const items = Array.from({ length: 1200 }, (_, index) => ({
      hash: `${index}`,
      classId: index < 900 ? 'many' : index < 1195 ? 'some' : 'few',
    }));
    const counts = classCounts(stratifiedSample(items, 400, 42).flatMap((index) => items[index] ?? []));
    expect(counts.get('few')).toBe(5);
    expect(counts.get('many')).toBeGreaterThan(285);
    expect(counts.get('many')).toBeLessThan(305);
  });

  test('is the same whatever the order of arrival', () => {
    fc.assert(
      fc.property(DISTINCT, fc.integer({ min: 1, max: 40 }), SEEDS, (items, limit, seed) => {
        const hashes = (list: readonly SampleItem[]) =>
          stratifiedSample(list, limit, seed)
            .map((index) => list[index]?.hash)
            .sort();
        expect(hashes(items.toReversed())).toEqual(hashes(items));
      }),
    );
  });
});
