import { describe, expect, it } from 'vitest';
import {
  catalogueFacts,
  FAMILY_NAMES,
  isChosenByFile,
  OFFICIAL_BACKBONES,
  RECOMMENDED_BACKBONE_ID,
} from '../../../src/domain/backbone-catalogue.ts';
import { readBackboneManifest } from '../../../src/schemas/backbone-manifest.ts';

const byId = new Map(OFFICIAL_BACKBONES.map((entry) => [entry.manifest.id, entry]));

describe('the catalogue', () => {
  it('has every network promised, the recommended one first, and none twice', () => {
    expect(OFFICIAL_BACKBONES[0]?.manifest.id).toBe(RECOMMENDED_BACKBONE_ID);
    expect([...byId.keys()].toSorted()).toEqual(
      [
        ...['0.25', '0.50', '0.75', '1.0'].map((width) => `mobilenet-v1-${width}`),
        ...['0.35', '0.50', '0.75', '1.0'].map((width) => `mobilenet-v2-${width}`),
        'resnet-18',
        'resnet-50',
        'resnet-50-v2',
        'vgg-16',
      ].toSorted(),
    );
    expect(byId.size).toBe(OFFICIAL_BACKBONES.length);
  });

  it.each(OFFICIAL_BACKBONES)('describes $manifest.id completely and in words', ({ manifest, urls, facts }) => {
    // The same rules as for a manifest from outside: the id is a folder name, the side possible, the checksum one.
    expect(readBackboneManifest(manifest)).toEqual(manifest);
    expect(FAMILY_NAMES.has(manifest.family)).toBe(true);
    expect(manifest.licence).not.toBe('');
    expect(facts?.year).toBeGreaterThan(2011);
    expect(facts?.featureLength).toBeGreaterThan(0);
    expect(facts?.parameterCount).toBeGreaterThan(100_000);
    expect(facts?.whenToUse).toMatch(/^[A-Z].*\.$/);
    for (const url of urls) expect(new URL(url).pathname).toMatch(/\/model\.(json|safetensors)$/);
  });

  it('gives sizes that the weights can have: one byte a parameter at least, with a classifier four and a half at most', () => {
    for (const { manifest, facts } of OFFICIAL_BACKBONES) {
      const count = facts?.parameterCount ?? 0;
      expect(manifest.sizeBytes, manifest.id).toBeGreaterThanOrEqual(count);
      expect(manifest.sizeBytes, manifest.id).toBeLessThan((count + 1001 * (facts?.featureLength ?? 0)) * 4.5);
    }
  });

  it('knows the bundled network too, which lies beside the page', () => {
    expect(catalogueFacts('mobilenet_v2_1.4_224_bundled')).toMatchObject({ year: 2018, featureLength: 1792 });
    expect(catalogueFacts('somebody-elses')).toBeNull();
  });

  it('has VGG-16 without a download, and names the file to choose', () => {
    const chosen = OFFICIAL_BACKBONES.filter(isChosenByFile);
    expect(chosen.map(({ manifest }) => manifest.id)).toEqual(['vgg-16']);
    expect(chosen[0]?.facts?.chosenFile).toMatch(/^vgg16.*notop\.h5$/);
  });
});
