import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AUGMENT_PRESETS,
  type AugmentStrengths,
  augmentationText,
  presetOr,
  STRENGTHS,
  strengthsOf,
} from '../../../src/domain/augmentation.ts';
import { augmentationProblem, usableAugmentation } from '../../../src/domain/augmentation-check.ts';
import { type AugmentedView, sampleView, viewPlanKey, viewPlanOf } from '../../../src/domain/augmented-view.ts';

const NOTHING = strengthsOf('off');
const MOST: AugmentStrengths = { ...NOTHING, ...Object.fromEntries(STRENGTHS.map(({ key, max }) => [key, max])) };

const anyStrengths: fc.Arbitrary<AugmentStrengths> = fc
  .tuple(...STRENGTHS.map(({ max }) => fc.double({ min: 0, max, noNaN: true })))
  .map((values) => ({
    ...NOTHING,
    ...Object.fromEntries(STRENGTHS.map(({ key }, index) => [key, values[index] ?? 0])),
  }));
const anyPicture = fc.record({
  hash: fc.stringMatching(/^[0-9a-f]{64}$/),
  viewIndex: fc.nat(15),
  seed: fc.nat(0xffffffff),
});

/** Only this strength, at its largest. */
const only = (key: keyof AugmentStrengths): AugmentStrengths => ({ ...NOTHING, [key]: MOST[key] });

function viewsOf(strengths: AugmentStrengths, count = 500): AugmentedView[] {
  return Array.from({ length: count }, (_, index) => sampleView(`picture ${index}`, 0, { strengths, seed: 7 }));
}

describe('a view', () => {
  test('is the same for the same picture, index, seed and strengths, and for nothing else', () => {
    fc.assert(
      fc.property(anyStrengths, anyPicture, (strengths, { hash, viewIndex, seed }) => {
        expect(sampleView(hash, viewIndex, { strengths, seed })).toEqual(
          sampleView(hash, viewIndex, { strengths, seed }),
        );
      }),
    );
    const base = { strengths: MOST, seed: 1 };
    const others = [
      sampleView('a', 1, base),
      sampleView('b', 0, base),
      sampleView('a', 0, { ...base, seed: 2 }),
      sampleView('a', 0, { seed: 1, strengths: only('rotateDegrees') }),
    ];
    for (const other of others) expect(other).not.toEqual(sampleView('a', 0, base));
  });

  test('of no strength is the picture itself, exactly', () => {
    fc.assert(
      fc.property(anyPicture, ({ hash, viewIndex, seed }) => {
        const view = sampleView(hash, viewIndex, { strengths: NOTHING, seed });
        expect(view.matrix.map((value) => value + 0)).toEqual([1, 0, 0, 0, 1, 0]);
        expect(view.colorMatrix.map((value) => value + 0)).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
        expect(view).toMatchObject({ blurRatio: 0, noiseRatio: 0, cutout: null });
      }),
    );
  });

  test('stays within what its strengths allow', () => {
    fc.assert(
      fc.property(anyStrengths, anyPicture, (strengths, { hash, viewIndex, seed }) => {
        const { matrix, colorMatrix, blurRatio, noiseRatio, cutout } = sampleView(hash, viewIndex, { strengths, seed });
        const [a, b, c, d, e, f] = matrix;
        const step = Math.hypot(a, d);
        const tolerance = 1e-9;
        expect(step).toBeLessThanOrEqual(1 + strengths.scaleRatio + tolerance);
        expect(step).toBeGreaterThanOrEqual((1 - strengths.cropRatio) / (1 + strengths.scaleRatio) - tolerance);
        const turned = (Math.acos(Math.min(1, Math.abs(a) / Math.hypot(a, b))) * 180) / Math.PI;
        expect(turned).toBeLessThanOrEqual(strengths.rotateDegrees + 1e-5);
        // No shear, and both axes alike.
        expect(Math.hypot(b, e)).toBeCloseTo(step, 9);
        expect(a * b + d * e).toBeCloseTo(0, 9);
        const reach = strengths.cropRatio / 2 + strengths.translateRatio + tolerance;
        expect(Math.max(Math.abs(c), Math.abs(f))).toBeLessThanOrEqual(reach);
        expect(blurRatio).toBeLessThanOrEqual(strengths.blurRatio);
        expect(noiseRatio).toBeLessThanOrEqual(strengths.noiseRatio);
        for (const side of [cutout?.width ?? 0, cutout?.height ?? 0]) {
          expect(side).toBeLessThanOrEqual(strengths.cutoutRatio);
          expect(side).toBeGreaterThanOrEqual(strengths.cutoutRatio === 0 ? 0 : strengths.cutoutRatio / 2);
        }
        for (const value of colorMatrix) expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });

  test('keeps what one strength does when another is changed', () => {
    const before = sampleView('a', 3, { seed: 1, strengths: only('rotateDegrees') });
    const after = sampleView('a', 3, {
      seed: 1,
      strengths: { ...only('rotateDegrees'), cutoutRatio: 0.3, hueDegrees: 90 },
    });
    expect(after.matrix).toEqual(before.matrix);
    expect(after.colorMatrix).not.toEqual(before.colorMatrix);
  });

  test('is mirrored in as many pictures as asked for', () => {
    for (const [key, place] of [
      ['flipHorizontalRatio', 0],
      ['flipVerticalRatio', 4],
    ] as const) {
      const mirrored = viewsOf({ ...NOTHING, [key]: 0.3 }).filter(({ matrix }) => matrix[place] === -1).length;
      expect(mirrored).toBeGreaterThan(110);
      expect(mirrored).toBeLessThan(190);
      expect(viewsOf(only(key)).every(({ matrix }) => matrix[place] === -1)).toBe(true);
    }
  });

  test('goes both ways, as far as it may', () => {
    const angles = viewsOf({ ...NOTHING, rotateDegrees: 90 }).map(
      ({ matrix }) => (Math.asin(matrix[3]) * 180) / Math.PI,
    );
    expect(Math.min(...angles)).toBeLessThan(-85);
    expect(Math.max(...angles)).toBeGreaterThan(85);
    const steps = viewsOf({ ...NOTHING, scaleRatio: 0.5 }).map(({ matrix }) => matrix[0]);
    expect(Math.min(...steps)).toBeLessThan(0.68);
    expect(Math.max(...steps)).toBeGreaterThan(1.48);
  });

  test('leaves greys grey in hue and saturation', () => {
    for (const { colorMatrix } of viewsOf({ ...NOTHING, hueDegrees: 180, saturationRatio: 1 }, 50)) {
      for (const row of [0, 4, 8]) {
        const sum = (colorMatrix[row] ?? 0) + (colorMatrix[row + 1] ?? 0) + (colorMatrix[row + 2] ?? 0);
        expect(sum).toBeCloseTo(1, 12);
      }
    }
  });

  test('without saturation shows every channel as the luma', () => {
    const rows = viewsOf({ ...NOTHING, saturationRatio: 1 }, 2000);
    const greyest = rows.reduce((one, other) =>
      (other.colorMatrix[0] ?? 0) < (one.colorMatrix[0] ?? 0) ? other : one,
    );
    for (const [column, luma] of [0.299, 0.587, 0.114].entries()) {
      expect(greyest.colorMatrix[column]).toBeCloseTo(luma, 2);
    }
  });
});

describe('the plan of a run', () => {
  test('is none while augmentation is off or no view is wanted', () => {
    expect(viewPlanOf({ augment: 'off', seed: 1 }, 4)).toBeNull();
    expect(viewPlanOf({ augment: NOTHING, seed: 1 }, 4)).toBeNull();
    expect(viewPlanOf({ augment: 'photos', seed: 1 }, 0)).toBeNull();
    expect(viewPlanOf({ augment: 'photos', seed: 1 }, 4)).toEqual({
      strengths: strengthsOf('photos'),
      seed: 1,
      viewCount: 4,
    });
  });

  test('has a name that every strength and the seed change, and the number of views does not', () => {
    const base = { strengths: NOTHING, seed: 1 };
    const names = [base, { ...base, seed: 2 }, ...STRENGTHS.map(({ key }) => ({ ...base, strengths: only(key) }))].map(
      viewPlanKey,
    );
    expect(new Set(names).size).toBe(STRENGTHS.length + 2);
  });
});

describe('a choice of strengths', () => {
  test('never mirrors in the presets for documents and medical pictures', () => {
    for (const preset of ['documents', 'medical'] as const) {
      expect(strengthsOf(preset)).toMatchObject({ flipHorizontalRatio: 0, flipVerticalRatio: 0 });
    }
  });

  test('has presets within the limits, each different', () => {
    for (const { value } of AUGMENT_PRESETS) {
      expect(augmentationProblem('Augmentation', strengthsOf(value))).toBeNull();
      expect(presetOr({ ...strengthsOf(value) })).toBe(value);
    }
  });

  test.each([
    ['photo', 'Augmentation must be one of: off, photos, drawings, documents, medical, or strengths of your own.'],
    [null, 'Augmentation must be one of: off, photos, drawings, documents, medical, or strengths of your own.'],
    [{ rotateDegrees: 181 }, 'Augmentation: rotateDegrees must be a number from 0 to 180.'],
    [{ blurRatio: '1' }, 'Augmentation: blurRatio must be a number from 0 to 0.03.'],
  ])('%j says: %s', (value, message) => {
    expect(augmentationProblem('Augmentation', value)).toBe(message);
  });

  test('names a strength that there is not', () => {
    expect(augmentationProblem('Augmentation', { rotate: 20 })).toMatch(/^Augmentation has no strength “rotate”/);
  });

  test('may leave strengths out, and becomes the preset it equals', () => {
    expect(usableAugmentation({ rotateDegrees: 20 })).toEqual({ ...NOTHING, rotateDegrees: 20 });
    expect(usableAugmentation({ ...strengthsOf('medical') })).toBe('medical');
    expect(usableAugmentation({})).toBe('off');
  });

  test('is usable whatever comes in', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(augmentationProblem('Augmentation', usableAugmentation(value))).toBeNull();
      }),
    );
  });

  test('is told in words', () => {
    expect(augmentationText('medical')).toBe('Medical (no mirroring)');
    expect(augmentationText({ ...NOTHING, rotateDegrees: 20, blurRatio: 0.004 })).toBe('Own: rotation 20°, blur 0.4 %');
  });
});
