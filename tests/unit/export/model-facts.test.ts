import { describe, expect, test } from 'vitest';
import { UNCOMPRESSED } from '../../../src/domain/compression.ts';
import { preprocessingOf } from '../../../src/domain/preprocessing.ts';
import { labelsText, modelFacts, teachableMachineMetadata } from '../../../src/export/model-facts.ts';
import { BACKBONE, predictionsOf, runOf } from '../../helpers/sample-run.ts';

const RUN = runOf(['cat/lynx', '🐶']);
const FACTS = {
  kind: 'whole-model',
  run: RUN,
  predictions: predictionsOf(2, [{ part: 'test', from: 0, to: 0, count: 4 }]),
  backbone: BACKBONE,
  preprocessing: preprocessingOf('crop', 32),
  graftVersion: '0.1.0',
  compression: UNCOMPRESSED,
  measured: null,
} as const;

describe('metadata', () => {
  test('keeps class names as they are, in the order of the outputs', () => {
    const metadata = teachableMachineMetadata({
      modelName: 'Pets',
      labels: RUN.classes.map(({ name }) => name),
      side: 32,
      createdAtIso: '2026-05-18T10:00:00.000Z',
      tfjsVersion: '4.22.0',
      facts: modelFacts(FACTS),
    });
    expect(metadata).toMatchObject({
      packageName: '@teachablemachine/image',
      labels: ['cat/lynx', '🐶'],
      imageSize: 32,
      modelName: 'Pets',
      timeStamp: '2026-05-18T10:00:00.000Z',
      userMetadata: {
        graft: {
          backbone: { id: 'tiny', licence: 'Apache-2.0' },
          run: { seed: 42 },
          split: { counts: RUN.partCounts },
          testScores: { imageCount: 4, accuracyRatio: 1 },
        },
      },
    });
    expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata);
  });

  test('has no scores when nothing was held out', () => {
    const predictions = predictionsOf(2, [{ part: 'train', from: 0, to: 0, count: 4 }]);
    expect(modelFacts({ ...FACTS, predictions })).toMatchObject({ testScores: null });
  });

  test('says when Teachable Machine readers would prepare images otherwise', () => {
    expect(modelFacts({ ...FACTS, preprocessing: preprocessingOf('squash', 32) })).toMatchObject({
      preprocessing: { resizeMode: 'squash', sameAsTeachableMachine: false },
      note: expect.stringContaining('loader crops'),
    });
  });
});

describe('labels.txt', () => {
  test('has one line per class, whatever is in its name', () => {
    expect(labelsText(['cat', 'big\ndog'])).toBe('0 cat\n1 big dog\n');
  });
});
