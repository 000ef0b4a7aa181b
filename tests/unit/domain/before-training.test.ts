import { expect, test } from 'vitest';
import {
  type BaselineScore,
  baselineRatio,
  beforeTraining,
  trainingGainText,
} from '../../../src/domain/before-training.ts';
import { predictionsOf } from '../../helpers/sample-run.ts';

const scoreOf = (imageCount: number, onlyModelCount: number, onlyBaselineCount: number): BaselineScore => ({
  imageCount,
  correctCount: imageCount / 2,
  onlyModelCount,
  onlyBaselineCount,
});

test('held-out images are counted part by part, and training images not at all', () => {
  const predictions = predictionsOf(2, [
    { part: 'train', from: 0, to: 0, count: 4 },
    { part: 'test', from: 0, to: 0, count: 3 },
    { part: 'test', from: 1, to: 0, count: 2 },
  ]);
  // Right of the test images: the first, and the last two, which the model gets wrong.
  const { test: onTest, validation } = beforeTraining(predictions, [-1, -1, -1, -1, 0, 1, 1, 1, 1]);
  expect(validation).toBeNull();
  expect(onTest).toEqual({ imageCount: 5, correctCount: 3, onlyModelCount: 2, onlyBaselineCount: 2 });
  expect(baselineRatio(onTest)).toBe(0.6);
  expect(baselineRatio(null)).toBeNull();
});

test('a gain is told only when chance does not explain it', () => {
  // 10 against 1: p = 0.012. 6 against 3: p = 0.51.
  expect(trainingGainText(scoreOf(100, 10, 1))).toBe('Training brought +9.0 points on the same 100 images.');
  expect(trainingGainText(scoreOf(100, 6, 3))).toBe(
    'Training changed it by +3.0 points on the same 100 images, which may be chance. 100 images can show no difference below 6.0 points.',
  );
  expect(trainingGainText(scoreOf(100, 1, 10))).toContain('made it worse, by \u22129.0 points');
});

test('of few images nothing is claimed unless it is clear', () => {
  expect(trainingGainText(scoreOf(10, 3, 1))).toContain('+20.0 points on the same 10 images, which may be chance');
  expect(trainingGainText(scoreOf(10, 6, 0))).toContain('Training brought +60.0 points');
  expect(trainingGainText(scoreOf(10, 0, 0))).toBe(
    'Training shows no difference on the same 10 images: the same are right as before. 10 images can show no difference below 60.0 points.',
  );
});
