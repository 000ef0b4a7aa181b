import { expect, test } from 'vitest';
import { createFileQueue } from '../../../../src/features/dataset/file-queue.ts';
import { createImageGrouper } from '../../../../src/features/dataset/images-by-class.ts';
import { sampleDataset } from '../../../helpers/browser/sample-states.ts';

test('a class that did not change keeps the same array', () => {
  const group = createImageGrouper();
  const before = sampleDataset(3, 4);
  const first = group(before);
  const images = new Map(before.images);
  const moved = images.get('image-0-1');
  if (moved === undefined) throw new Error('no image');
  images.set(moved.id, { ...moved, classId: 'class-1' });
  const second = group({ ...before, images });
  expect(second.get('class-2')).toBe(first.get('class-2'));
  expect(second.get('class-0')?.map(({ id }) => id)).toEqual(['image-0-0', 'image-0-2', 'image-0-3']);
  expect(second.get('class-1')).toHaveLength(5);
});

test('a class without images is there too', () => {
  expect(createImageGrouper()(sampleDataset(1, 0)).get('class-0')).toEqual([]);
});

test('a queue hands on everything pushed before and after reading began, then ends', async () => {
  const queue = createFileQueue();
  const file = (path: string) => ({ path, blob: new Blob() });
  queue.push(file('a'));
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { path } of queue.files) seen.push(path);
  })();
  await Promise.resolve();
  queue.push(file('b'));
  queue.push(file('c'));
  queue.close();
  await reading;
  expect(seen).toEqual(['a', 'b', 'c']);
});
