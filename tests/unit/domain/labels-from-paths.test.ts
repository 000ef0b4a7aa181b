import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Part } from '../../../src/domain/dataset.ts';
import { cleanClassName, isJunkPath, labelOf, labelsInLayout } from '../../../src/domain/labels-from-paths.ts';

test('the last folder is the class, however deep it lies', () => {
  expect(labelOf('rose/1.jpg').className).toBe('rose');
  expect(labelOf('photos/2024/garden/tulip/1.jpg').className).toBe('tulip');
  expect(labelOf('1.jpg')).toEqual({ className: null, part: null });
});

test('a folder with a part name above the class folder gives the part', () => {
  expect(labelOf('flowers/Train/rose/1.jpg')).toEqual({ className: 'rose', part: 'train' });
  expect(labelOf('valid/rose/1.jpg').part).toBe('validation');
  expect(labelOf('val/rose/1.jpg').part).toBe('validation');
  expect(labelOf('data/test/rose/1.jpg').part).toBe('test');
});

test('the part folder nearest to the class decides', () => {
  expect(labelOf('test/train/rose/1.jpg').part).toBe('train');
});

const layoutOf = (paths: readonly string[]) => labelsInLayout(paths.map(labelOf));

test('a class named "test" is a class', () => {
  expect(labelOf('test/1.jpg').className).toBe('test');
  expect(layoutOf(['test/1.jpg', 'test/2.jpg', 'control/1.jpg'])).toBeNull();
});

test('an experiment kept in a folder called "test" does not lock everything to the test part', () => {
  expect(layoutOf(['test/cat/1.jpg', 'test/dog/2.jpg'])).toBeNull();
});

test('a train and test layout is kept, a stray folder included', () => {
  const inside = Array.from({ length: 20 }, (_, index) => `set/${index < 15 ? 'train' : 'test'}/cat/${index}.jpg`);
  const layout = layoutOf([...inside, 'set/extra/1.jpg']);
  expect(layout?.[0]).toEqual({ part: 'train', isUnlabelled: false });
  expect(layout?.[19]).toEqual({ part: 'test', isUnlabelled: false });
  expect(layout?.[20]).toEqual({ part: null, isUnlabelled: false });
});

test('a layout that holds for few of the files is no layout', () => {
  expect(layoutOf(['a/train/x/1.jpg', 'a/test/x/2.jpg', 'b/1.jpg', 'b/2.jpg', 'b/3.jpg'])).toBeNull();
});

test('in a real layout, files directly in the test folder have a part and no class', () => {
  const layout = layoutOf(['train/cat/1.jpg', 'val/cat/2.jpg', 'train/dog/3.jpg', 'test/4.jpg', '5.jpg']);
  expect(layout?.[3]).toEqual({ part: 'test', isUnlabelled: true });
  expect(layout?.[4]).toEqual({ part: null, isUnlabelled: false });
});

test('with class folders in the training part alone nothing is locked, and the loose test files still have no class', () => {
  expect(layoutOf(['train/cat/1.jpg', 'train/dog/2.jpg', 'test/3.jpg'])).toEqual([
    { part: null, isUnlabelled: false },
    { part: null, isUnlabelled: false },
    { part: null, isUnlabelled: true },
  ]);
});

test('a part folder that comes alone completes one that came before', () => {
  const later = ['test/cat/1.jpg', 'test/dog/2.jpg'].map(labelOf);
  const nothing = { classNames: new Set<string>(), parts: new Set<Part>() };
  expect(labelsInLayout(later, nothing)).toBeNull();
  expect(labelsInLayout(later, { ...nothing, parts: new Set<Part>(['train']) })?.[0]?.part).toBe('test');
  expect(labelsInLayout(later, { ...nothing, classNames: new Set(['cat', 'dog']) })?.[0]?.part).toBe('test');
  expect(labelsInLayout(later, { ...nothing, classNames: new Set(['cat', 'bird']) })).toBeNull();
  const train = ['train/cat/1.jpg'].map(labelOf);
  expect(labelsInLayout(train, nothing)?.[0]?.part).toBeNull();
  expect(labelsInLayout(train, { ...nothing, parts: new Set<Part>(['test']) })?.[0]?.part).toBe('train');
});

test('what operating systems leave behind is junk', () => {
  for (const path of ['__MACOSX/rose/._1.jpg', 'rose/.DS_Store', 'rose/Thumbs.db', 'desktop.ini', '.git/config']) {
    expect(isJunkPath(path), path).toBe(true);
  }
  expect(isJunkPath('rose/1.jpg')).toBe(false);
  expect(isJunkPath('./rose/1.jpg')).toBe(false);
});

test('class names get one Unicode form, single spaces and no control characters', () => {
  expect(cleanClassName('  Cafe\u0301 \t au\u00a0lait ')).toBe('Caf\u00e9 au lait');
  expect(cleanClassName('\u0000')).toBe('');
  expect(cleanClassName('🦊 fox')).toBe('🦊 fox');
  expect(Array.from(cleanClassName('🦊'.repeat(300)))).toHaveLength(100);
});

test('file names of Teachable Machine projects carry the class', () => {
  expect(labelOf('project/Left hand-!-12.jpg').className).toBe('Left hand');
  expect(labelOf('export/samples/cat_3.png').className).toBe('cat');
  expect(labelOf('cats/cat_3.png').className).toBe('cats');
});

test('cleaning twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(cleanClassName(cleanClassName(name))).toBe(cleanClassName(name));
    }),
  );
});
