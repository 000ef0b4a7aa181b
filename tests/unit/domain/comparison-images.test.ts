import { expect, test } from 'vitest';
import { chooseComparedImages, whyTooFewToCompare } from '../../../src/domain/comparison-images.ts';
import { grouped, groupsOf } from '../../../src/domain/groups.ts';
import { assignParts } from '../../../src/domain/split.ts';
import { PROJECT } from '../schemas/sample-documents.ts';
import { datasetOf, imageItem } from './dataset-arbitraries.ts';

const CLASSES = [
  { id: 'empty', name: 'Empty', colorIndex: 0 },
  { id: 'cat', name: 'Cat', colorIndex: 1 },
  { id: 'dog', name: 'Dog', colorIndex: 2 },
];

function projectOf(catCount: number, dogCount: number) {
  const items = [
    ...Array.from({ length: catCount }, (_, index) => imageItem(`cat${index}`, 'cat', { hash: `cat${index}` })),
    ...Array.from({ length: dogCount }, (_, index) => imageItem(`dog${index}`, 'dog', { hash: `dog${index}` })),
  ];
  return { ...PROJECT, dataset: datasetOf(CLASSES, items) };
}

test('no test image takes part, and classes without images do not count', () => {
  const project = projectOf(80, 60);
  const all = [...project.dataset.images.values()];
  const parts = assignParts(grouped(all, groupsOf(project.dataset)), project.split);
  const chosen = chooseComparedImages(project, 1000);
  expect(chosen.items).toEqual(all.filter((_, index) => parts[index] !== 'test'));
  expect(chosen).toMatchObject({ classCount: 2, foldCount: 5, availableCount: chosen.items.length });
  expect(chosen.classIndices).toEqual(chosen.items.map(({ classId }) => (classId === 'cat' ? 0 : 1)));
  expect(new Set(chosen.folds)).toEqual(new Set([0, 1, 2, 3, 4]));
});

test('beyond the limit a sample takes part', () => {
  const chosen = chooseComparedImages(projectOf(80, 60), 50);
  expect(chosen.items).toHaveLength(50);
  expect(chosen.availableCount).toBeGreaterThan(100);
});

test('too few images are refused with what to do', () => {
  expect(whyTooFewToCompare(chooseComparedImages(projectOf(40, 0), 1000))).toMatch(/^Add images first/);
  expect(whyTooFewToCompare(chooseComparedImages(projectOf(4, 4), 1000))).toMatch(/^Add images first/);
  expect(whyTooFewToCompare(chooseComparedImages(projectOf(20, 20), 1000))).toBeNull();
});
