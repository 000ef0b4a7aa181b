import { describe, expect, test } from 'vitest';
import { trainingGainText } from '../../../src/domain/before-training.ts';
import type { CandidateKind, MeasuredRow } from '../../../src/domain/comparison.ts';
import { transferOf } from '../../../src/domain/comparison-scores.ts';
import { comparisonSummary, transferText } from '../../../src/domain/comparison-words.ts';
import { isShown, leastShownRatio, mcNemar } from '../../../src/domain/metrics/mcnemar.ts';
import { powerText } from '../../../src/domain/metrics/power-words.ts';
import { compareJudged, type JudgedRun } from '../../../src/domain/run-comparison.ts';
import { comparisonWords } from '../../../src/domain/run-comparison-words.ts';

/** What of two was right: only the first, only the second, both, neither. */
type Pairs = readonly [onlyFirst: number, onlySecond: number, both?: number, neither?: number];

/** A gain of 19 points on 31 images that chance makes in one of nine cases: 9 won, 3 lost. */
const NINETEEN_POINTS_OF_31: Pairs = [9, 3, 10, 9];
const ONE_WON: Pairs = [1, 0];
const TWO_WON: Pairs = [2, 0];
const EQUAL: Pairs = [4, 4, 12, 11];
const SAME_ANSWERS: Pairs = [0, 0, 20, 11];
const CLEARLY_BETTER: Pairs = [9, 1, 12, 9];
const CLEARLY_WORSE: Pairs = [1, 9, 12, 9];

/** Words that deny an effect. */
const DENIED = /does not help|did not help|no gain|not better|nothing/i;

function signs([onlyFirst, onlySecond, both = 0, neither = 0]: Pairs, ofFirst: boolean): string {
  const one = ofFirst ? '1' : '0';
  const other = ofFirst ? '0' : '1';
  return one.repeat(onlyFirst) + other.repeat(onlySecond) + '1'.repeat(both) + '0'.repeat(neither);
}

function row(id: string, kind: CandidateKind, outcomes: string): MeasuredRow {
  const times = { loadMs: 1, heldBytes: 1, singleMs: 1, batchMs: 1, batchSize: 8, headMs: 1 };
  const size = { featureLength: 1, parameterCount: 1, downloadBytes: 1 };
  return { id, name: id, kind, result: { kind: 'measured', ...size, ...times, outcomes } };
}

function transfer(pairs: Pairs): string | null {
  const network = row('Net', 'network', signs(pairs, true));
  return transferText(transferOf(network, [network, row('Raw pixels', 'pixels', signs(pairs, false))]));
}

describe('transfer', () => {
  test('with 31 photos and 19 points more is not shown, and not denied', () => {
    const text = transfer(NINETEEN_POINTS_OF_31);
    expect(text).toBe(
      'That transfer helps is not shown with 31 images: 19 points better than “Raw pixels”, which may be chance. 31 images can show no difference below 19.4 points.',
    );
    expect(text).not.toMatch(DENIED);
  });

  test('of no, one or two photos claims nothing', () => {
    expect(transfer([0, 0])).toBeNull();
    expect(transfer(ONE_WON)).toBe(
      'That transfer helps is not shown with 1 image: 100 points better than “Raw pixels”, which may be chance. 1 image can show no difference.',
    );
    expect(transfer(TWO_WON)).toContain('is not shown with 2 images');
  });

  test('as good as a baseline is not shown to help', () => {
    expect(transfer(EQUAL)).toContain('is not shown with 31 images: about as good as “Raw pixels”.');
    expect(transfer(SAME_ANSWERS)).toContain('is not shown with 31 images');
  });

  test('clearly better helps, clearly worse hurts', () => {
    expect(transfer(CLEARLY_BETTER)).toBe('Transfer helps: 26 points better than “Raw pixels”.');
    expect(transfer(CLEARLY_WORSE)).toBe('Transfer makes it worse here: 26 points worse than “Raw pixels”.');
  });

  test('hurts where any baseline is clearly better, and photos that one could not read do not count', () => {
    const network = row('Net', 'network', '0'.repeat(10));
    const rows = [network, row('Raw pixels', 'pixels', '1'.repeat(10)), row('Untrained', 'untrained', '0'.repeat(10))];
    expect(transferOf(network, rows)).toMatchObject({ kind: 'hurts', baselineName: 'Raw pixels', imageCount: 10 });
    expect(transferOf(network, [row('Raw pixels', 'pixels', '-'.repeat(10))])).toEqual({ kind: 'unknown' });
    expect(transferOf(network, [row('Raw pixels', 'pixels', `${'-'.repeat(6)}0000`)])).toMatchObject({ imageCount: 4 });
  });

  test('a network on no readable photo has no summary of its accuracy', () => {
    expect(comparisonSummary([row('Net', 'network', '---')])).toEqual([]);
  });
});

describe('training beside class averages', () => {
  const gain = ([onlyModelCount, onlyBaselineCount, both = 0, neither = 0]: Pairs) =>
    trainingGainText({
      imageCount: onlyModelCount + onlyBaselineCount + both + neither,
      correctCount: onlyBaselineCount + both,
      onlyModelCount,
      onlyBaselineCount,
    });

  test('with 31 images and 19 points more says it may be chance, and does not deny it', () => {
    const text = gain(NINETEEN_POINTS_OF_31);
    expect(text).toBe(
      'Training changed it by +19.4 points on the same 31 images, which may be chance. 31 images can show no difference below 19.4 points.',
    );
    expect(text).not.toMatch(DENIED);
  });

  test('of one or two images claims nothing', () => {
    expect(gain(ONE_WON)).toBe(
      'Training changed it by +100.0 points on the same image, which may be chance. 1 image can show no difference.',
    );
    expect(gain([0, 2])).toContain('\u2212100.0 points on the same 2 images, which may be chance');
  });

  test('no difference is told as one that does not show', () => {
    expect(gain(SAME_ANSWERS)).toContain('Training shows no difference on the same 31 images: the same are right');
    expect(gain(EQUAL)).toContain('as many became right as became wrong');
  });

  test('a clear gain and a clear loss are told as such', () => {
    expect(gain(CLEARLY_BETTER)).toBe('Training brought +25.8 points on the same 31 images.');
    expect(gain(CLEARLY_WORSE)).toContain('Training made it worse, by \u221225.8 points on the same 31 images.');
  });
});

describe('two runs', () => {
  function judged(text: string): JudgedRun {
    const rows = [...text];
    return {
      classes: ['a', 'b'].map((id, colorIndex) => ({ id, name: id, colorIndex })),
      predictions: {
        imageIds: rows.map((_, index) => `image-${index}`),
        parts: rows.map(() => 'test'),
        classIndices: rows.map(() => 0),
        classCount: 2,
        probabilities: Float32Array.from(rows.flatMap((sign) => (sign === '1' ? [1, 0] : [0, 1]))),
      },
    };
  }
  const words = (pairs: Pairs) =>
    comparisonWords(compareJudged(judged(signs(pairs, true)), judged(signs(pairs, false))), ['Run 1', 'Run 2']);

  test('with 31 images and 19 points between them are not told apart, and the images say so', () => {
    const { verdict, meaning, caveats } = words(NINETEEN_POINTS_OF_31);
    expect(verdict).toBe('They cannot be told apart on 31 images.');
    expect(meaning).toContain('More test images may tell.');
    expect(caveats).toEqual(['31 images can show no difference below 19.4 points.']);
  });

  test('of no, one or two images are not told apart', () => {
    expect(words([0, 0]).verdict).toContain('no test image that both judged');
    expect(words([0, 0]).caveats).toEqual([]);
    expect(words(ONE_WON)).toMatchObject({ caveats: ['1 image can show no difference.'] });
    expect(words(TWO_WON).verdict).toBe('They cannot be told apart on 2 images.');
  });

  test('are told apart only beyond chance, whichever is better', () => {
    expect(words(EQUAL).verdict).toBe('They cannot be told apart on 31 images.');
    expect(words(CLEARLY_BETTER).verdict).toBe('Run 1 is better: 8 more of the same 31 test images right.');
    expect(words(CLEARLY_WORSE).verdict).toBe('Run 2 is better: 8 more of the same 31 test images right.');
  });
});

describe('what so many images can show', () => {
  test('is exactly the least difference that the test finds clear', () => {
    for (let imageCount = 1; imageCount <= 400; imageCount++) {
      let leastCount: number | null = null;
      for (let won = 0; won <= imageCount && leastCount === null; won++) {
        for (let lost = 0; lost <= imageCount - won; lost++) {
          if (!isShown(mcNemar(won, lost)) || won < lost) continue;
          leastCount = Math.min(leastCount ?? Number.POSITIVE_INFINITY, won - lost);
        }
      }
      expect(leastShownRatio(imageCount)).toBe(leastCount === null ? null : leastCount / imageCount);
      if (imageCount === 40) imageCount = 398;
    }
  });

  test('is rounded up, and not told where small differences show', () => {
    expect(powerText(5)).toBe('5 images can show no difference.');
    expect(powerText(6)).toBe('6 images can show no difference below 100.0 points.');
    expect(powerText(31)).toBe('31 images can show no difference below 19.4 points.');
    expect(powerText(300)).toBe('300 images can show no difference below 2.0 points.');
    expect(powerText(301)).toBeNull();
  });
});
