import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Part } from '../../../src/domain/dataset.ts';
import { randomStream } from '../../../src/domain/random.ts';
import {
  assignParts,
  DEFAULT_SPLIT,
  type SplitItem,
  type SplitSettings,
  straddlingGroups,
} from '../../../src/domain/split.ts';

const item = (hash: string, classId: string, lockedPart: Part | null = null): SplitItem => ({
  hash,
  groupId: hash,
  classId,
  lockedPart,
});

/** Different contents, as many per class as asked for. */
function makeItems(classSizes: readonly number[], seed = 1): SplitItem[] {
  const random = randomStream(seed, 'hashes');
  return classSizes.flatMap((size, classIndex) =>
    Array.from({ length: size }, () =>
      item(random.uint32().toString(16).padStart(8, '0').repeat(8), `class-${classIndex}`),
    ),
  );
}

const countOf = (parts: readonly Part[], part: Part) => parts.filter((other) => other === part).length;

describe('the share of every part', () => {
  test('is near 70/15/15 in every class', () => {
    const items = makeItems([1000, 400, 2000]);
    const parts = assignParts(items, DEFAULT_SPLIT);
    for (const classId of ['class-0', 'class-1', 'class-2']) {
      const ofClass = parts.filter((_, index) => items[index]?.classId === classId);
      const spread = (ratio: number) => 4 * Math.sqrt(ofClass.length * ratio * (1 - ratio));
      expect(Math.abs(countOf(ofClass, 'train') - 0.7 * ofClass.length)).toBeLessThan(spread(0.7));
      expect(Math.abs(countOf(ofClass, 'validation') - 0.15 * ofClass.length)).toBeLessThan(spread(0.15));
      expect(Math.abs(countOf(ofClass, 'test') - 0.15 * ofClass.length)).toBeLessThan(spread(0.15));
    }
  });

  test('is nothing when its ratio is 0', () => {
    const ratios = fc.constantFrom([1, 0, 0], [0.8, 0.2, 0], [0.8, 0, 0.2], [0, 0.5, 0.5]);
    fc.assert(
      fc.property(ratios, fc.nat(60), fc.integer(), ([train = 0, validation = 0, test = 0], size, seed) => {
        const settings = { trainRatio: train, validationRatio: validation, testRatio: test, seed };
        const parts = assignParts(makeItems([size, 4], seed), settings);
        if (train === 0) expect(countOf(parts, 'train')).toBe(0);
        if (validation === 0) expect(countOf(parts, 'validation')).toBe(0);
        if (test === 0) expect(countOf(parts, 'test')).toBe(0);
      }),
    );
  });

  test('is at least one image in every class with three or more', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 3, max: 12 }), { maxLength: 6 }), fc.integer(), (sizes, seed) => {
        const items = makeItems(sizes, seed);
        const parts = assignParts(items, { ...DEFAULT_SPLIT, seed });
        sizes.forEach((_, classIndex) => {
          const ofClass = parts.filter((_part, index) => items[index]?.classId === `class-${classIndex}`);
          expect(new Set(ofClass)).toEqual(new Set(['train', 'validation', 'test']));
        });
      }),
    );
  });
});

describe('adding images', () => {
  test('moves nothing in classes that fill every part by themselves', () => {
    const old = makeItems([300, 300], 1);
    const added = makeItems([200, 50, 80], 2);
    const before = assignParts(old, DEFAULT_SPLIT);
    expect(assignParts([...added, ...old], DEFAULT_SPLIT).slice(added.length)).toEqual(before);
  });

  test('moves at most one image per part in a small class', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 15 }),
        fc.integer({ min: 1, max: 15 }),
        fc.integer(),
        (size, more, seed) => {
          const all = makeItems([size + more], seed);
          const before = assignParts(all.slice(0, size), DEFAULT_SPLIT);
          const after = assignParts(all, DEFAULT_SPLIT).slice(0, size);
          const moved = after.filter((part, index) => part !== before[index]).length;
          // Each of the three parts may call one image back and borrow another.
          expect(moved).toBeLessThanOrEqual(4);
        },
      ),
    );
  });

  test('or sorting them differently gives the same parts', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(makeItems([7, 40, 3]), { minLength: 50 }), (items) => {
        const sorted = [...items].sort((a, b) => a.hash.localeCompare(b.hash));
        const byHash = new Map(sorted.map((entry, index) => [entry.hash, assignParts(sorted, DEFAULT_SPLIT)[index]]));
        expect(assignParts(items, DEFAULT_SPLIT)).toEqual(items.map((entry) => byHash.get(entry.hash)));
      }),
      { numRuns: 20 },
    );
  });
});

describe('the same content', () => {
  test('is in the same part wherever it is used', () => {
    const classIds = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(classIds, fc.integer(), (ids, seed) => {
        const items = ids.map((classId, index) => item(String(index % 7), classId));
        const parts = assignParts(items, { ...DEFAULT_SPLIT, seed });
        items.forEach(({ hash }, index) => {
          expect(parts[index]).toBe(parts[items.findIndex((other) => other.hash === hash)]);
        });
      }),
    );
  });

  test('follows a copy that is locked', () => {
    const items = [item('one', 'a'), item('one', 'b', 'test'), item('one', 'c')];
    expect(assignParts(items, { ...DEFAULT_SPLIT, trainRatio: 1, validationRatio: 0, testRatio: 0 })).toEqual([
      'test',
      'test',
      'test',
    ]);
  });
});

/** One class with a group for each size. */
function makeGroups(sizes: readonly number[], classId = 'a'): SplitItem[] {
  return sizes.flatMap((size, group) =>
    Array.from({ length: size }, (_, index) => ({
      hash: `${classId}${group}-${index}`,
      groupId: `${classId}${group}`,
      classId,
      lockedPart: null,
    })),
  );
}

const SEED = fc.integer({ min: 0, max: 10_000 });

describe('a group', () => {
  const SIZES = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });

  test('is in one part, and every class has something to learn from', () => {
    fc.assert(
      fc.property(SIZES, SIZES, SEED, (one, other, seed) => {
        const items = [...makeGroups(one, 'a'), ...makeGroups(other, 'b')];
        const parts = assignParts(items, { ...DEFAULT_SPLIT, seed });
        expect(straddlingGroups({ groupIds: items.map(({ groupId }) => groupId), parts })).toEqual([]);
        for (const id of ['a', 'b']) expect(parts.filter((_, at) => items[at]?.classId === id)).toContain('train');
      }),
    );
  });

  test('does not keep the shares from being near the ratios', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 10, maxLength: 30 });
    fc.assert(
      fc.property(sizes, SEED, (groupSizes, seed) => {
        const items = makeGroups(groupSizes);
        const parts = assignParts(items, { ...DEFAULT_SPLIT, seed });
        const trainRatio = countOf(parts, 'train') / items.length;
        expect(Math.abs(trainRatio - 0.7)).toBeLessThan(0.15 + Math.max(...groupSizes) / items.length);
      }),
    );
  });

  test('stays where it is while images join it and groups are added', () => {
    const sizes = Array.from({ length: 200 }, (_, index) => 1 + (index % 5));
    const before = assignParts(makeGroups(sizes), DEFAULT_SPLIT);
    const grown = makeGroups([...sizes.map((size) => size + 1), 4, 4, 4]);
    const after = new Map(assignParts(grown, DEFAULT_SPLIT).map((part, index) => [grown[index]?.hash, part]));
    makeGroups(sizes).forEach(({ hash }, index) => {
      expect(after.get(hash)).toBe(before[index]);
    });
  });

  test('that is all of a class is learnt from', () => {
    fc.assert(
      fc.property(SEED, (seed) => {
        const parts = assignParts(makeGroups([50]), { ...DEFAULT_SPLIT, seed });
        expect(new Set(parts)).toEqual(new Set(['train']));
        expect(assignParts(makeGroups([10, 20]), { ...DEFAULT_SPLIT, seed })).toContain('train');
      }),
    );
  });

  test('follows where most of it is locked, and straddles only by locks', () => {
    const [first, second, third, fourth] = makeGroups([4]);
    if (!(first && second && third && fourth)) throw new Error('four were made');
    const items: SplitItem[] = [{ ...first, lockedPart: 'train' }, { ...second, lockedPart: 'test' }, third, fourth];
    const parts = assignParts(items, DEFAULT_SPLIT);
    expect(parts).toEqual(['train', 'test', 'test', 'test']);
    expect(straddlingGroups({ groupIds: items.map(({ groupId }) => groupId), parts })).toEqual(['a0']);
    expect(assignParts([{ ...first, lockedPart: 'validation' }, third], DEFAULT_SPLIT)).toEqual([
      'validation',
      'validation',
    ]);
  });
});

test('a lock always wins', () => {
  const locks = fc.array(fc.constantFrom<Part | null>('train', 'validation', 'test', null), { maxLength: 40 });
  fc.assert(
    fc.property(locks, fc.integer(), (lockedParts, seed) => {
      const items = makeItems([lockedParts.length], seed).map((entry, index) => ({
        ...entry,
        lockedPart: lockedParts[index] ?? null,
      }));
      const parts = assignParts(items, DEFAULT_SPLIT);
      for (const [index, lockedPart] of lockedParts.entries())
        if (lockedPart !== null) expect(parts[index]).toBe(lockedPart);
    }),
  );
});

test('another seed gives another split', () => {
  const items = makeItems([200]);
  const moved = assignParts(items, { ...DEFAULT_SPLIT, seed: 43 }).filter(
    (part, index) => part !== assignParts(items, DEFAULT_SPLIT)[index],
  );
  expect(moved.length).toBeGreaterThan(40);
});

test('changing the validation share leaves the test part as it was', () => {
  const items = makeItems([500]);
  const wider: SplitSettings = { ...DEFAULT_SPLIT, trainRatio: 0.55, validationRatio: 0.3 };
  const isTest = (settings: SplitSettings) => assignParts(items, settings).map((part) => part === 'test');
  expect(isTest(wider)).toEqual(isTest(DEFAULT_SPLIT));
});

describe('images kept out of the test part', () => {
  const learning = makeItems([60, 60]).map((entry): SplitItem => ({ ...entry, lockedPart: 'train-or-validation' }));
  const given = makeItems([10, 10], 9).map((entry): SplitItem => ({ ...entry, lockedPart: 'test' }));

  test('are dealt into training and validation by the shares of these two', () => {
    const parts = assignParts([...learning, ...given], DEFAULT_SPLIT);
    expect(countOf(parts, 'test')).toBe(given.length);
    const share = countOf(parts, 'validation') / learning.length;
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.3);
  });

  test('follow a changed validation share and leave the test part alone', () => {
    const wider: SplitSettings = { ...DEFAULT_SPLIT, trainRatio: 0.4, validationRatio: 0.45 };
    const parts = assignParts([...given, ...learning], wider);
    expect(parts.slice(0, given.length).every((part) => part === 'test')).toBe(true);
    expect(countOf(parts, 'validation')).toBeGreaterThan(learning.length / 3);
    const none = assignParts(learning, { ...DEFAULT_SPLIT, trainRatio: 0.85, validationRatio: 0 });
    expect(countOf(none, 'train')).toBe(learning.length);
  });

  test('take unlocked copies along and give a small class validation images', () => {
    const few = makeItems([4, 4]).map((entry): SplitItem => ({ ...entry, lockedPart: 'train-or-validation' }));
    const copies = few.map((entry): SplitItem => ({ ...entry, classId: 'copies', lockedPart: null }));
    const parts = assignParts([...copies, ...few], DEFAULT_SPLIT);
    expect(parts.slice(copies.length)).toEqual(parts.slice(0, copies.length));
    for (const classId of ['class-0', 'class-1']) {
      const own = parts.filter((_, index) => [...copies, ...few][index]?.classId === classId);
      expect(new Set(own)).toEqual(new Set(['train', 'validation']));
    }
  });
});
