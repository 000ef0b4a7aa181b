import { expect, test } from 'vitest';
import {
  readBackboneManifest,
  readBundledBackbones,
  readSelfHostedBackbones,
} from '../../../src/schemas/backbone-manifest.ts';

const LOOSE = {
  id: 'mobilenet_v2_0.35_224',
  name: 'MobileNet v2 0.35',
  family: 'mobilenet-v2',
  inputSide: 224,
  pixels: '[-1,1]',
  featureLayer: null,
};

test('a manifest without licence and source gets plain words for both', () => {
  expect(readBackboneManifest(LOOSE)).toEqual({
    ...LOOSE,
    licence: 'not stated',
    source: 'not stated',
    sizeBytes: 0,
  });
});

test('a checksum is kept when it is there', () => {
  expect(readBackboneManifest({ ...LOOSE, sha256: 'a'.repeat(64) }).sha256).toBe('a'.repeat(64));
  expect('sha256' in readBackboneManifest(LOOSE)).toBe(false);
});

test.each(['model.json', 'model.safetensors', 'vgg16_notop.h5'])('its file may be %s', (file) => {
  expect(readBackboneManifest({ ...LOOSE, file }).file).toBe(file);
});

test.each([
  ['a file in another folder', { file: '../model.json' }],
  ['a file of a format nobody knows', { file: 'model.exe' }],
  ['an id that climbs out of its folder', { id: '../secret' }],
  ['an id with a slash', { id: 'a/b' }],
  ['an impossible side', { inputSide: 1e9 }],
  ['pixels nobody knows', { pixels: 'rgb' }],
  ['a checksum that is none', { sha256: 'abc' }],
  ['no name', { name: '' }],
])('%s is refused', (_, change) => {
  expect(() => readBackboneManifest({ ...LOOSE, ...change })).toThrow(
    expect.objectContaining({ code: 'file-unreadable' }),
  );
});

test('the bundled index is a list under "bundled"', () => {
  expect(readBundledBackbones({ bundled: [LOOSE] }).map(({ id }) => id)).toEqual([LOOSE.id]);
  expect(() => readBundledBackbones([LOOSE])).toThrow(expect.objectContaining({ code: 'file-unreadable' }));
});

test('one bad self-hosted manifest does not hide the others', () => {
  const other = { ...LOOSE, id: 'other' };
  const { manifests, problems } = readSelfHostedBackbones([{ id: 'half' }, LOOSE, LOOSE, other]);
  expect(manifests.map(({ id }) => id)).toEqual([LOOSE.id, 'other']);
  expect(problems).toHaveLength(2);
});

test('self-hosted answers that are no list, as of a static host, give nothing', () => {
  expect(readSelfHostedBackbones('<!doctype html>').manifests).toEqual([]);
});
