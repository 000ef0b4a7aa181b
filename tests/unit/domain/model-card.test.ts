import { describe, expect, test } from 'vitest';
import { UNCOMPRESSED } from '../../../src/domain/compression.ts';
import { type ModelCardFacts, modelCard } from '../../../src/domain/model-card.ts';
import { preprocessingOf } from '../../../src/domain/preprocessing.ts';
import { BACKBONE, predictionsOf, runOf } from '../../helpers/sample-run.ts';

/** 18 of 20 test images right: Wilson 95 % is 0.699 to 0.972. */
const PREDICTIONS = predictionsOf(2, [
  { part: 'train', from: 0, to: 0, count: 9 },
  { part: 'train', from: 1, to: 1, count: 5 },
  { part: 'validation', from: 0, to: 0, count: 3 },
  { part: 'test', from: 0, to: 0, count: 11 },
  { part: 'test', from: 0, to: 1, count: 1 },
  { part: 'test', from: 1, to: 1, count: 7 },
  { part: 'test', from: 1, to: 0, count: 1 },
]);

function card(change: Partial<ModelCardFacts> = {}): string {
  return modelCard({
    projectName: 'Pets',
    run: runOf(['cat', 'dog']),
    predictions: PREDICTIONS,
    backbone: BACKBONE,
    preprocessing: preprocessingOf('crop', 32),
    kind: 'whole-model',
    createdAtIso: '2026-05-18T10:00:00.000Z',
    graftVersion: '0.1.0',
    compression: UNCOMPRESSED,
    measured: null,
    ...change,
  });
}

describe('modelCard', () => {
  test('says what was trained, and whose weights they are', () => {
    expect(card()).toContain('Only the head was trained; the backbone stayed as it was.');
    expect(card()).toContain('The weights are those of epoch 26.');
    const guard = {
      start: 'run',
      kept: false,
      imageCount: 3,
      lossGain: 0,
      standardError: 0,
      startAccuracyRatio: 1,
      tunedAccuracyRatio: 1,
    } as const;
    const text = card({ run: runOf(['cat', 'dog'], { tunedStageCount: 2, guard }) });
    expect(text).toContain('The head and the last two stages of the backbone were trained; the rest');
    expect(text).toContain('the weights are those of the run it goes on from');
  });

  test('gives the accuracy on held-out images with its Wilson interval', () => {
    expect(card()).toContain(
      'Accuracy **90.0 %** (18 of 20 held-out test images right); 95 % sure between 69.9 % and 97.2 %',
    );
  });

  test('has a row for every class with its own scores', () => {
    expect(card()).toContain('| cat | 12 | 91.7 % | 91.7 % | 91.7 % |');
    expect(card()).toContain('| dog | 8 | 87.5 % | 87.5 % | 87.5 % |');
  });

  test('counts images by class and part', () => {
    expect(card()).toContain('| cat | 9 | 3 | 12 | 24 |');
    expect(card()).toContain('| dog | 5 | 0 | 8 | 13 |');
    expect(card()).toContain('| All | 14 | 3 | 20 | 37 |');
  });

  test('says plainly that nothing was measured when no image was held out', () => {
    const predictions = predictionsOf(2, [{ part: 'train', from: 0, to: 0, count: 4 }]);
    const text = card({ predictions });
    expect(text).toContain('Not measured: no image was held out');
    expect(text).not.toContain('Accuracy **');
  });

  test('shows a dash where a class was never predicted', () => {
    const predictions = predictionsOf(2, [
      { part: 'test', from: 0, to: 0, count: 3 },
      { part: 'test', from: 1, to: 0, count: 2 },
    ]);
    expect(card({ predictions })).toContain('| dog | 2 | - | 0.0 % | 0.0 % |');
  });

  test('names the classes that were hardly measured', () => {
    expect(card()).toContain('Fewer than 10 test images, so hardly measured: dog.');
  });

  test('names backbone, licence, source and every setting that counted', () => {
    const text = card();
    for (const fact of ['Tiny net', 'Licence: Apache-2.0', 'Source: made for a test', BACKBONE.sha256]) {
      expect(text).toContain(fact);
    }
    expect(text).toContain('| Optimiser | Adam |');
    expect(text).toContain('| Cosine decay | on |');
    expect(text).toContain('| Seed | 42 |');
    expect(text).toContain('| Hidden units | 100 units (automatic) |');
    expect(text).not.toMatch(/\| (Folds|Fine-tuning rate|Views) \|/);
    expect(text).toContain('and the seed 42,');
    expect(text).toContain('2026-05-18');
  });

  test('warns that Teachable Machine readers crop when the model was trained otherwise', () => {
    expect(card()).not.toContain('always crop.**');
    expect(card({ preprocessing: preprocessingOf('pad', 32) })).toContain(
      'always crop.** This model was trained with "pad"',
    );
  });

  test('keeps class names from breaking out of the table or the page', () => {
    const text = card({ run: runOf(['a|b\n# big', '<img src=x>']) });
    expect(text).toContain('| a\\|b \\# big | 12 |');
    expect(text).toContain('\\<img src=x\\>');
  });

  test('says of a head alone that it takes features', () => {
    const text = card({ kind: 'head-only' });
    expect(text).toContain('It takes the features of the backbone');
    expect(text).not.toContain('index.html');
  });

  test('says how many images are in a model of nearest neighbours, and what that means for sharing it', () => {
    const run = runOf(['cat', 'dog']);
    const text = card({ run: { ...run, automaticSettings: [], settings: { ...run.settings, head: 'neighbours' } } });
    expect(text).toContain('Features of all 14 training images are in the model.');
    expect(text).toContain('not its pixels');
    expect(text).toContain('| Head | Nearest neighbours |');
    expect(card()).not.toContain('not its pixels');
  });

  test('tells a compressed download from the scores above it, measured or not', () => {
    const compression = { encoding: 'uint8', prunedRatio: 0.3 } as const;
    expect(card()).not.toContain('## Compression');
    expect(card({ compression })).toContain('one scale for each layer, and 30 % of them set to zero');
    expect(card({ compression })).toContain('was not measured');
    const answers = { imageCount: 40, correctCountBefore: 36, correctCountAfter: 35, changedCount: 3 };
    const measured = { compression, weightBytes: 1, downloadBytes: 1, imageMs: 1, answers };
    expect(card({ compression, measured })).toContain(
      'on 40 test images: 35 right instead of 36; the answer to 3 of them changed.',
    );
  });
});
