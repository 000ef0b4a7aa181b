import { beforeAll, describe, expect, test } from 'vitest';
import type { Part } from '../../../src/domain/dataset.ts';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { runEpochs } from '../../../src/engine/train.ts';
import { headShapeOf } from '../../../src/engine/training/head-shape.ts';
import { rowsToTrainOn } from '../../../src/engine/training/rows-by-part.ts';
import { createStepper } from '../../../src/engine/training/stepper.ts';
import golden from '../../fixtures/training/head.json' with { type: 'json' };
import { makeRun, useBackend } from './train-setup.ts';

/** Relative; the two agree far better than the 1 % that would do. */
const TOLERANCE = 1e-3;

type GoldenRun = (typeof golden.runs)[number];

/** The weights the reference started from. */
function startOf({ before, hiddenUnits }: GoldenRun): HeadWeights {
  const sizes = [golden.featureLength, ...(hiddenUnits === 0 ? [] : [hiddenUnits]), golden.classCount];
  return {
    layers: before.map(([kernel = [], bias = []], index) => ({
      kernel: Float32Array.from(kernel),
      bias: Float32Array.from(bias),
      inputLength: sizes[index] ?? 0,
      outputLength: sizes[index + 1] ?? 0,
      activation: index === before.length - 1 ? 'softmax' : 'relu',
    })),
  };
}

async function lossesOf(run: GoldenRun) {
  const { hiddenUnits, epochs } = run;
  const { seed, batchSize, learningRate } = golden;
  const plain = { dropout: 0, l2: 0, labelSmoothing: 0, warmupRatio: 0, cosineDecay: false } as const;
  const { options, events } = makeRun({
    settings: { ...plain, classWeights: 'none', seed, batchSize, learningRate, hiddenUnits, epochs: epochs.length },
  });
  const parts = golden.classIndices.map((_, row): Part => (row < golden.trainCount ? 'train' : 'validation'));
  const { classIndices, classCount, featureLength } = golden;
  // On the features as they are: the reference knows no scale.
  const stepper = createStepper({
    features: { values: Float32Array.from(golden.features), featureLength },
    ...rowsToTrainOn({ hashes: classIndices.map(String), classIndices, parts }),
    shape: headShapeOf(featureLength, classCount, options.settings),
    settings: options.settings,
    start: startOf(run),
  });
  await runEpochs(options, stepper, 0).finally(() => stepper.dispose());
  return events.map(({ epoch }) => epoch);
}

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(golden.runs)(
    'a head with $hiddenUnits hidden units has the losses of PyTorch in every epoch',
    async (run) => {
      const epochs = await lossesOf(run);
      expect(epochs).toHaveLength(run.epochs.length);
      for (const [index, wanted] of run.epochs.entries()) {
        const { trainLoss = Number.NaN, validationLoss } = epochs[index] ?? {};
        expect(Math.abs(trainLoss / wanted.trainLoss - 1)).toBeLessThan(TOLERANCE);
        expect(Math.abs((validationLoss ?? Number.NaN) / wanted.validationLoss - 1)).toBeLessThan(TOLERANCE);
      }
    },
  );
});
