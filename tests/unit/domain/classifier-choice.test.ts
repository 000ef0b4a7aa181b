import { describe, expect, test } from 'vitest';
import { type CandidateLosses, choiceSentence, chooseClassifier } from '../../../src/domain/classifier-choice.ts';
import { foldHeadsText } from '../../../src/domain/kept-head-words.ts';

const candidate = (head: CandidateLosses['head'], losses: readonly number[] | null): CandidateLosses => ({
  head,
  losses: losses === null ? null : Float64Array.from(losses),
});
const even = (count: number) => new Float64Array(count).fill(1);

describe('the one-standard-error rule', () => {
  test('takes the simpler of two heads whose losses differ by less than the paired error', () => {
    const means = candidate('prototypes', [0.5, 0.1, 0.9, 0.3]);
    const logistic = candidate('logistic', [0.4, 0.3, 0.6, 0.4]);
    expect(chooseClassifier([means, logistic], even(4)).chosen).toBe('prototypes');
  });

  test('takes the better one where every image says so, however much the images differ', () => {
    const means = candidate('prototypes', [5.1, 0.2, 9.1, 0.4]);
    const logistic = candidate('logistic', [5, 0.1, 9, 0.3]);
    const { chosen, candidates } = chooseClassifier([means, logistic], even(4));
    expect(chosen).toBe('logistic');
    expect(candidates[0]?.lossGap).toBeCloseTo(0.1);
    expect(candidates[0]?.gapStandardError).toBeCloseTo(0);
    // The deviation of 5, 0.1, 9 and 0.3 over the root of four.
    expect(candidates[1]?.standardError).toBeCloseTo(2.124, 2);
  });

  test('weighs images as the classes are weighed', () => {
    const means = candidate('prototypes', [1, 0]);
    const logistic = candidate('logistic', [0, 0.5]);
    expect(chooseClassifier([means, logistic], Float64Array.of(1, 9)).candidates[1]?.validationLoss).toBeCloseTo(0.45);
    expect(chooseClassifier([means, logistic], Float64Array.of(1, 9)).chosen).toBe('prototypes');
  });

  test('takes the simplest where nothing was measured, and never one that failed', () => {
    expect(chooseClassifier([candidate('prototypes', null)], even(0)).chosen).toBe('prototypes');
    const failed = [candidate('prototypes', [2, 2]), candidate('network', null)];
    expect(chooseClassifier(failed, even(2)).chosen).toBe('prototypes');
  });
});

describe('the sentence', () => {
  const common = { comparedOn: 'validation', imageCount: 4, curvesOf: 'logistic' } as const;

  test('says by how much the chosen head is better', () => {
    const choice = chooseClassifier(
      [candidate('prototypes', [5.5, 0.6, 9.4, 0.9]), candidate('logistic', [5, 0.1, 9, 0.3])],
      even(4),
    );
    expect(choiceSentence({ ...choice, ...common })).toBe(
      'Automatic chose logistic regression: its loss is 3.60 on 4 validation images, 0.50 ± 0.041 lower than that of class averages.',
    );
  });

  test('says that the difference is not clear where the simpler head was taken', () => {
    const choice = chooseClassifier(
      [candidate('prototypes', [0.5, 0.1, 0.9, 0.3]), candidate('logistic', [0.4, 0.3, 0.6, 0.4])],
      even(4),
    );
    expect(choiceSentence({ ...choice, ...common, comparedOn: 'cross-validation' })).toMatch(
      /^Automatic chose class averages: .* above that of logistic regression, which is no clear difference, and it is the simpler one\.$/,
    );
  });

  test('counts the heads of folds', () => {
    const folds = (['logistic', 'prototypes', 'logistic', null] as const).map((chosenHead) => ({ chosenHead }));
    // Scores do not matter here.
    expect(foldHeadsText({ folds: folds as never })).toBe(
      'Of 4 folds, Automatic chose logistic regression in 2, class averages in 1.',
    );
  });
});
