import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dataset, GroupFacts, ImageItem } from '../../../src/domain/dataset.ts';
import { NO_GROUP_FACTS } from '../../../src/domain/dataset.ts';
import { grouped, groupsOf } from '../../../src/domain/groups.ts';
import { assignParts, DEFAULT_SPLIT } from '../../../src/domain/split.ts';
import { datasetOf, imageItem } from './dataset-arbitraries.ts';

const CLASSES = ['a', 'b'].map((id, colorIndex) => ({ id, name: id, colorIndex }));

const photo = (id: string, facts: Partial<GroupFacts> = {}, change: Partial<ImageItem> = {}) =>
  imageItem(id, 'a', { grouping: { ...NO_GROUP_FACTS, ...facts }, ...change });

const of = (...items: ImageItem[]) => groupsOf(datasetOf(CLASSES, items)).groups.map(({ imageIds }) => imageIds);

describe('a group', () => {
  test('is made of the frames of one hold, whatever their class', () => {
    expect(of(photo('1', { holdId: 'h' }), photo('2'), photo('3', { holdId: 'h' }, { classId: 'b' }))).toEqual([
      ['1', '3'],
    ]);
  });

  test('is made of photos of a class that follow within two seconds', () => {
    const at = (id: string, takenAtMs: number, classId = 'a') => photo(id, { takenAtMs }, { classId });
    expect(of(at('1', 10_000), at('2', 14_001), at('3', 12_000), at('4', 12_500, 'b'))).toEqual([['1', '3']]);
  });

  test('is made of frames that this page recorded, by their names', () => {
    const named = (id: string, name: string) => photo(id, {}, { name });
    expect(
      of(
        named('1', 'camera-2026-11-28T09-00-00.000Z.jpg'),
        named('2', 'camera-2026-11-28T09-00-00.125Z.jpg'),
        named('3', 'camera-2026-11-28T09-03-00.000Z.jpg'),
      ),
    ).toEqual([['1', '2']]);
  });

  test('is not made by a counter in the name', () => {
    expect(of(photo('1', {}, { name: 'IMG_0001.jpg' }), photo('2', {}, { name: 'IMG_0002.jpg' }))).toEqual([]);
  });

  test('is not made by a clock that stands still', () => {
    const items = Array.from({ length: 201 }, (_, index) => photo(`${index}`, { takenAtMs: 1e12 }));
    expect(of(...items)).toEqual([]);
  });

  test('grows over photos that two groups share', () => {
    const hash = 'f'.repeat(64);
    const shared = [photo('1', { holdId: 'h' }), photo('2', { holdId: 'h', nearCopyId: hash })];
    expect(of(...shared, photo('3', { nearCopyId: hash }))).toEqual([['1', '2', '3']]);
  });

  test('is not a photo alone, nor copies of one in two classes', () => {
    const hash = 'e'.repeat(64);
    expect(of(photo('1', { holdId: 'h' }, { hash }), photo('2', {}, { hash, classId: 'b' }))).toEqual([]);
  });

  test('loses the photo that the user keeps apart, until it is joined to others', () => {
    const facts = { holdId: 'h', isApart: true };
    const others = [photo('1', { holdId: 'h' }), photo('2', { holdId: 'h' })];
    expect(of(...others, photo('3', facts))).toEqual([['1', '2']]);
    expect(of(...others, photo('3', { ...facts, joinedId: 'j' }), photo('4', { joinedId: 'j' }))).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('keeps its id while photos are added behind its first', () => {
    const burst = [photo('5', { takenAtMs: 1000 }), photo('1', { takenAtMs: 2000 })];
    const [before] = groupsOf(datasetOf(CLASSES, burst)).groups;
    const [after] = groupsOf(datasetOf(CLASSES, [...burst, photo('0', { takenAtMs: 3000 })])).groups;
    expect(after?.id).toBe(before?.id);
  });

  test('does not take the id of a photo that was taken out of it', () => {
    const left = photo('1', { nearCopyId: '1'.padEnd(64, '0'), isApart: true });
    const others = ['2', '3'].map((id) => photo(id, { nearCopyId: '1'.padEnd(64, '0') }));
    const { idOf } = groupsOf(datasetOf(CLASSES, [left, ...others]));
    expect(idOf(left.hash)).not.toBe(idOf(others[0]?.hash ?? ''));
  });
});

/** Up to 60 photos of two classes with any facts; some contents stand in both. */
const DATASETS: fc.Arbitrary<Dataset> = fc
  .array(
    fc.record({
      content: fc.nat(50),
      classId: fc.constantFrom('a', 'b'),
      takenAtMs: fc.option(fc.nat(40).map((seconds) => seconds * 1500)),
      holdId: fc.option(fc.constantFrom('h1', 'h2', 'h3'), { freq: 1 }),
      joinedId: fc.option(fc.constantFrom('j1', 'j2'), { freq: 1 }),
      isApart: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((places) =>
    datasetOf(
      CLASSES,
      places.map(({ content, classId, ...facts }, index) =>
        imageItem(`i${index}`, classId, {
          hash: `${content}`.padStart(64, '0'),
          grouping: { ...NO_GROUP_FACTS, ...facts },
        }),
      ),
    ),
  );

test('groups have no photo in common, and never straddle parts', () => {
  fc.assert(
    fc.property(DATASETS, fc.integer(), (dataset, seed) => {
      const groups = groupsOf(dataset);
      const ids = groups.groups.flatMap(({ imageIds }) => imageIds);
      expect(new Set(ids).size).toBe(ids.length);
      const items = grouped([...dataset.images.values()], groups);
      const parts = assignParts(items, { ...DEFAULT_SPLIT, seed });
      const partOf = new Map(items.map(({ id }, index) => [id, parts[index]]));
      for (const { imageIds } of groups.groups) {
        expect(new Set(imageIds.map((id) => partOf.get(id))).size).toBe(1);
      }
    }),
  );
});
