import { describe, expect, it } from 'vitest';
import type { BackboneEntry, BackboneOrigin } from '../../../src/domain/backbone.ts';
import { isChosenByFile, OFFICIAL_BACKBONES, RECOMMENDED_BACKBONE_ID } from '../../../src/domain/backbone-catalogue.ts';
import { orderBackbones } from '../../../src/domain/backbone-order.ts';

function entry(id: string, origin: BackboneOrigin, family = 'mobilenet-v2', sizeBytes = 0): BackboneEntry {
  const manifest = { id, name: id, family, inputSide: 224, pixels: '[-1,1]', featureLayer: null } as const;
  return { manifest: { ...manifest, licence: 'MIT', source: 'a test', sizeBytes }, origin, urls: [`${id}/model.json`] };
}

const DOWNLOADS = OFFICIAL_BACKBONES.filter((candidate) => !isChosenByFile(candidate));
const BUNDLED = entry('bundled', 'bundled');
const idsOf = (...args: Parameters<typeof orderBackbones>) =>
  orderBackbones(...args).map(({ entry }) => entry.manifest.id);
const officialIds = DOWNLOADS.map(({ manifest }) => manifest.id);

describe('the order in which backbones are tried', () => {
  it('is the official ones and then the bundled one on a fresh machine', () => {
    expect(officialIds[0]).toBe(RECOMMENDED_BACKBONE_ID);
    expect(idsOf(null, [BUNDLED, ...OFFICIAL_BACKBONES], [])).toEqual([...officialIds, 'bundled']);
  });

  it('begins with the one the project was made with, whatever it is', () => {
    const entries = [entry('own', 'self-hosted'), ...OFFICIAL_BACKBONES, BUNDLED];
    for (const id of ['own', 'mobilenet-v1-1.0', 'bundled']) {
      expect(idsOf(id, entries, [])[0]).toBe(id);
      expect(idsOf(id, entries, []).toSorted()).toEqual(['own', ...officialIds, 'bundled'].toSorted());
    }
  });

  it('goes on without the one the project was made with when that is gone', () => {
    expect(idsOf('lost', [BUNDLED], [])).toEqual(['bundled']);
  });

  it('has self-hosted ones before cached ones before ones to download', () => {
    const entries = [...OFFICIAL_BACKBONES, BUNDLED, entry('own', 'self-hosted')];
    expect(idsOf(null, entries, ['mobilenet-v1-1.0'])).toEqual([
      'own',
      'mobilenet-v1-1.0',
      ...officialIds.filter((id) => id !== 'mobilenet-v1-1.0'),
      'bundled',
    ]);
  });

  it('has the largest MobileNet v2 first among self-hosted ones, and 1.0 before 0.35 when sizes are unknown', () => {
    const hosted = [
      entry('resnet', 'self-hosted', 'resnet', 9_000_000),
      entry('mobilenet_v2_0.35_224', 'self-hosted'),
      entry('mobilenet_v2_1.0_224', 'self-hosted'),
      entry('small', 'self-hosted', 'mobilenet-v2', 1000),
    ];
    expect(idsOf(null, hosted, [])).toEqual(['small', 'mobilenet_v2_1.0_224', 'mobilenet_v2_0.35_224', 'resnet']);
  });

  it('leaves out a network whose file has to be chosen, also when it is wanted', () => {
    expect(idsOf('vgg-16', [...OFFICIAL_BACKBONES, BUNDLED], [])).not.toContain('vgg-16');
  });

  it('has one the user brought first when it is wanted, and does not try it otherwise', () => {
    const entries = [entry('brought', 'own'), BUNDLED];
    expect(idsOf('brought', entries, ['brought'])).toEqual(['brought', 'bundled']);
    expect(idsOf(null, entries, ['brought'])).toEqual(['bundled']);
  });

  it('comes with a sentence on every place', () => {
    for (const { reason } of orderBackbones(null, [BUNDLED, ...OFFICIAL_BACKBONES], officialIds.slice(1))) {
      expect(reason).toMatch(/^[A-Z].*\.$/);
    }
  });
});
