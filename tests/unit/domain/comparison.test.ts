import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestTradeOffs,
  type CandidateKind,
  type Comparison,
  type ComparisonRow,
  isSameBasis,
  joinComparisons,
  type MeasuredRow,
} from '../../../src/domain/comparison.ts';
import { estimatedMegaMacs } from '../../../src/domain/comparison-cost.ts';
import {
  bestNetworkIds,
  outcomeAccuracy,
  pairedOutcome,
  recommend,
  transferOf,
} from '../../../src/domain/comparison-scores.ts';
import { comparisonSummary, transferText } from '../../../src/domain/comparison-words.ts';

/** `right` images right, then as many wrong as make `count`. */
const outcomes = (right: number, count = 100) => '1'.repeat(right) + '0'.repeat(count - right);

function measured(id: string, right: number, batchMs: number, kind: CandidateKind = 'network'): MeasuredRow {
  return {
    id,
    name: id.toUpperCase(),
    kind,
    result: {
      kind: 'measured',
      featureLength: 8,
      parameterCount: 100,
      downloadBytes: 400,
      loadMs: 5,
      heldBytes: 400,
      singleMs: batchMs * 1.5,
      batchMs,
      batchSize: 16,
      headMs: 3,
      outcomes: outcomes(right),
    },
  };
}

const failed = (id: string): ComparisonRow => ({
  id,
  name: id,
  kind: 'network',
  result: { kind: 'failed', reason: 'Away.' },
});

const BASIS = {
  datasetFingerprint: 'f',
  resizeMode: 'crop',
  device: { backend: 'wasm', adapter: '', threadCount: 2 },
  imageCount: 100,
  availableCount: 100,
  classCount: 2,
  foldCount: 5,
} as const;
const comparison = (rows: readonly ComparisonRow[], endedAtMs = 1): Comparison => ({ ...BASIS, endedAtMs, rows });

describe('the best trade-offs', () => {
  const POINTS = fc
    .array(fc.record({ costMs: fc.integer({ min: 1, max: 9 }), accuracyRatio: fc.integer({ min: 0, max: 9 }) }), {
      minLength: 1,
    })
    .map((points) => points.map((point, index) => ({ ...point, id: `${index}` })));

  test('are those that no other beats, and every other is beaten by one of them', () => {
    fc.assert(
      fc.property(POINTS, (points) => {
        const best = bestTradeOffs(points);
        const front = points.filter(({ id }) => best.has(id));
        for (const point of points) {
          const atLeastAsGood = front.filter((f) => f.costMs <= point.costMs && f.accuracyRatio >= point.accuracyRatio);
          expect(atLeastAsGood.length).toBeGreaterThan(0);
          const strictly = atLeastAsGood.some((f) => f.costMs < point.costMs || f.accuracyRatio > point.accuracyRatio);
          expect(best.has(point.id)).toBe(!strictly);
        }
      }),
    );
  });

  test('are chosen among networks only', () => {
    const rows = [
      measured('fast', 70, 2),
      measured('slow', 90, 9),
      measured('worst', 60, 5),
      measured('pixels', 95, 1, 'pixels'),
    ];
    expect([...bestNetworkIds([...rows, failed('away')])]).toEqual(['fast', 'slow']);
  });
});

describe('what a network brings', () => {
  const pixels = measured('pixels', 40, 1, 'pixels');
  const untrained = measured('untrained', 50, 2, 'untrained');

  test('helps when it is clearly better than both baselines', () => {
    const transfer = transferOf(measured('net', 80, 2), [pixels, untrained]);
    expect(transfer).toMatchObject({ kind: 'helps', baselineName: 'UNTRAINED' });
    expect(transferText(transfer)).toBe('Transfer helps: 30 points better than “UNTRAINED”.');
  });

  test('five images more, all in its favour, may be chance; six are clear', () => {
    expect(transferText(transferOf(measured('net', 55, 2), [untrained]))).toBe(
      'That transfer helps is not shown with 100 images: 5 points better than “UNTRAINED”, which may be chance. 100 images can show no difference below 6.0 points.',
    );
    expect(transferOf(measured('net', 56, 2), [untrained]).kind).toBe('helps');
  });

  test('is not shown when it beats one baseline only or is as good, and hurts when it is clearly worse', () => {
    expect(transferOf(measured('net', 50, 2), [pixels, untrained])).toMatchObject({
      kind: 'not-shown',
      baselineName: 'UNTRAINED',
    });
    expect(transferText(transferOf(measured('net', 50, 2), [untrained]))).toBe(
      'That transfer helps is not shown with 100 images: about as good as “UNTRAINED”. 100 images can show no difference below 6.0 points.',
    );
    expect(transferText(transferOf(measured('net', 20, 2), [pixels]))).toBe(
      'Transfer makes it worse here: 20 points worse than “PIXELS”.',
    );
  });

  test('is not known without a baseline', () => {
    expect(transferText(transferOf(measured('net', 80, 2), [failed('pixels')]))).toBeNull();
  });
});

test('images that could not be read count neither for nor against', () => {
  expect(outcomeAccuracy('1-01')).toMatchObject({ ratio: 2 / 3 });
  expect(pairedOutcome('1-0', '011')).toMatchObject({ onlyFirstCount: 1, onlySecondCount: 1 });
  expect(outcomeAccuracy('--')).toBeNull();
});

describe('the recommendation', () => {
  test('names the most accurate, and the fastest that is not clearly worse', () => {
    const rows = [measured('slow', 90, 9), measured('middle', 86, 3), measured('quick', 60, 1)];
    expect(recommend(rows)).toMatchObject({ mostAccurate: { id: 'slow' }, fastestAlike: { id: 'middle' } });
    expect(comparisonSummary([...rows, measured('pixels', 30, 1, 'pixels')])).toEqual([
      'SLOW is the most accurate here: 90\u00a0% of 100 images right, 95\u00a0% sure between 83 and 94.',
      'MIDDLE is 3.0 times as fast, and these images do not show it to be less accurate.',
      'Transfer helps: 60 points better than “PIXELS”.',
    ]);
  });

  test('is silent when nothing could be measured', () => {
    expect(comparisonSummary([failed('away')])).toEqual([]);
  });
});

describe('a second comparison', () => {
  const earlier = comparison([measured('a', 80, 2), measured('b', 70, 2)]);

  test('on the same basis adds to the first and replaces what it measured again', () => {
    const later = comparison([measured('b', 71, 2), measured('c', 60, 2)], 2);
    const joined = joinComparisons(earlier, later);
    expect(joined.rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(joined).toMatchObject({ endedAtMs: 2, rows: [{}, { result: { outcomes: outcomes(71) } }, {}] });
  });

  test('that fails to load a network keeps its figures', () => {
    expect(joinComparisons(earlier, comparison([failed('a')])).rows[0]).toEqual(earlier.rows[0]);
  });

  test('on other data, another device or another number of images replaces it', () => {
    for (const change of [
      { datasetFingerprint: 'g' },
      { device: { ...BASIS.device, backend: 'webgpu' } },
      { imageCount: 50 },
      { resizeMode: 'pad' },
    ] as const) {
      const later = { ...comparison([failed('c')]), ...change };
      expect(isSameBasis(earlier, later)).toBe(false);
      expect(joinComparisons(earlier, later)).toBe(later);
    }
  });
});

describe('the cost of an image', () => {
  const of = (id: string, name = id, inputSide = 224) =>
    estimatedMegaMacs({
      id,
      name,
      family: '',
      inputSide,
      pixels: '[-1,1]',
      featureLayer: null,
      licence: '',
      source: '',
      sizeBytes: 0,
    });

  test('follows width and side', () => {
    expect(of('mobilenet-v2-1.0')).toBe(300);
    expect(of('mobilenet-v2-0.50')).toBe(75);
    expect(of('mobilenet_v2_1.4_224_bundled')).toBeCloseTo(588);
    expect(of('mobilenet-v1-1.0', undefined, 112)).toBeCloseTo(569 / 4);
    expect(of('resnet-50')).toBe(4089);
  });

  test('is not guessed for a network of no known family', () => expect(of('mine')).toBeNull());
});
