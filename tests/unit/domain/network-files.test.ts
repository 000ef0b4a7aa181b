import { expect, test } from 'vitest';
import { firstNetworkOf, networkPartOf } from '../../../src/domain/network-files.ts';

test.each([
  ['a/vgg16_notop.h5', 'whole'],
  ['RESNET.SAFETENSORS', 'whole'],
  ['model.json', 'description'],
  ['model-2.json', 'description'],
  ['net/group1-shard1of2.bin', 'binary'],
  ['group1-shard1of1', 'binary'],
  ['metadata.json', 'labels'],
  ['rose/photo.jpg', null],
  ['remodel.json', null],
  ['project.json', null],
])('%s is %s of a network', (path, part) => {
  expect(networkPartOf(path)).toBe(part);
});

test('a description takes the binaries and labels of its folder, and no photos', () => {
  const paths = ['net/weights.bin', 'rose/1.jpg', 'net/model.json', 'net/metadata.json', 'other/weights.bin'];
  expect(firstNetworkOf(paths)).toEqual(['net/model.json', 'net/weights.bin', 'net/metadata.json']);
});

test('a single file is a network by itself', () => {
  expect(firstNetworkOf(['a/weights.bin', 'a/net.h5', 'a/model.json'])).toEqual(['a/net.h5']);
});

test('binaries and labels without a description are no network', () => {
  expect(firstNetworkOf(['thumbnails.bin', 'metadata.json', 'rose/1.jpg'])).toEqual([]);
});
