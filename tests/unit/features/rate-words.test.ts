import { expect, test } from 'vitest';
import { readLearningRateTest, testedRates } from '../../../src/domain/learning-rate-range.ts';
import { rateWords } from '../../../src/features/tune/rate-words.ts';

const rates = testedRates();

/** What is said of a loss that is so much at each rate. */
function wordsOf(lossAt: (rate: number) => number, optimizer: 'adam' | 'sgd' = 'adam'): string {
  return rateWords(readLearningRateTest(rates, rates.map(lossAt), optimizer));
}

test('a loss that falls and rises again gives a rate, and where it falls fastest', () => {
  const words = wordsOf((rate) => 1.6 - 1.2 / (1 + (1e-3 / rate) ** 1.5) + (rate / 0.3) ** 2);
  expect(words).toMatch(
    /^Suggested: 0\.00\d+, a tenth of the rate with the lowest loss; the loss falls fastest at 0\.0\d+\.$/,
  );
});

test('where images are easy it says why it suggests no more', () => {
  const easy = (rate: number) => 1.1 / (1 + rate / 1e-3);
  expect(wordsOf(easy)).toBe(
    'Suggested: 0.01, the most that suits Adam over many epochs; the loss of single batches was lowest at 10. No rate made it explode: the training images are easy to tell apart, and smaller rates may do as well.',
  );
  expect(wordsOf(easy, 'sgd')).toContain('0.1, the most that suits SGD');
});

test('a loss that exploded in the end is not taken for that of easy images', () => {
  const losses = rates.slice(0, 90).map((rate) => 1.1 / (1 + rate / 1e-3) + (rate > 1 ? rate : 0));
  const words = rateWords(readLearningRateTest(rates, losses, 'adam'));
  expect(words).toContain('the most that suits Adam');
  expect(words).not.toContain('easy');
});

test('a loss that never falls gives nothing to suggest', () => {
  expect(wordsOf(() => 1)).toContain('nothing to suggest');
});
