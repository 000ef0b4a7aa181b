import { expect, test } from 'vitest';
import { clockTime, takenAtByName } from '../../../src/domain/taken-at.ts';

const NOON = Date.UTC(2024, 5, 1, 12, 0, 0);

test.each([
  ['camera-2024-06-01T12-00-00.125Z.jpg', NOON + 125],
  ['IMG_20240601_120000.jpg', NOON],
  ['IMG_20240601_120000_BURST001.jpg', NOON],
  ['IMG_20240601_120000(2).jpg', NOON],
  ['PXL_20240601_120000125.jpg', NOON + 125],
  ['PXL_20240601_120000125.MP.jpg', NOON + 125],
  ['20240601_120000_003.jpg', NOON],
  ['00003IMG_00003_BURST20240601120000125_COVER.jpg', NOON + 125],
  ['WIN_20240601_12_00_00_Pro.jpg', NOON],
])('the name %s says when the photo was taken', (name, takenAtMs) => {
  expect(takenAtByName(name)).toBe(takenAtMs);
});

test.each([
  'IMG_0001.jpg',
  'DSC01234.JPG',
  'name_0001.png',
  'IMG-20240601-WA0001.jpg',
  'photo_2024-06-01_12-00-00.jpg',
  'Screenshot_20240601_120000.png',
  'IMG_20241301_120000.jpg',
  'IMG_20240230_120000.jpg',
  'IMG_20240601_250000.jpg',
  '10140303196_b88d3d6cec.jpg',
  '',
])('the name %s does not say when it was taken', (name) => {
  expect(takenAtByName(name)).toBeNull();
});

test('the midnight of a clock that was never set is no moment', () => {
  expect(clockTime([2000, 1, 1, 0, 0, 12])).toBeNull();
  expect(clockTime([2000, 1, 1, 7, 0, 12])).not.toBeNull();
});
