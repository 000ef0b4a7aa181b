import { expect, test } from 'vitest';
import { guardText, lastStagesText, phaseText } from '../../../src/domain/fine-tune-words.ts';

const GUARD = {
  kept: true,
  imageCount: 100,
  lossGain: 0.1,
  standardError: 0.01,
  frozenAccuracyRatio: 0.87,
  tunedAccuracyRatio: 0.891,
};

test('phases are counted and stages named', () => {
  expect(phaseText('head', 2)).toBe('1 of 2: the head');
  expect(phaseText('fine-tune', 2)).toBe('2 of 2: the last two stages');
  expect(lastStagesText(1)).toBe('the last stage');
  expect(lastStagesText(12)).toBe('the last 12 stages');
});

test('a gain is told in points with both accuracies', () => {
  expect(guardText(GUARD)).toBe(
    'Fine-tuning brought +2.1 points on validation images (87.0\u00a0% right before it, 89.1\u00a0% after, on 100 validation images).',
  );
});

test('no more right answers but surer ones are told as that', () => {
  expect(guardText({ ...GUARD, tunedAccuracyRatio: 0.87 })).toMatch(/^Fine-tuning made the model surer/);
});

test('going back to the head is told as chance or as harm', () => {
  expect(guardText({ ...GUARD, kept: false })).toMatch(/^Fine-tuning did not help beyond chance, so the head alone/);
  expect(guardText({ ...GUARD, kept: false, lossGain: -0.1 })).toMatch(/^Fine-tuning did not help, so the head alone/);
});
