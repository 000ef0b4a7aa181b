import { beforeAll, describe, expect, test } from 'vitest';
import { purposeOf } from '../../../src/domain/setting-purpose.ts';
import { SETTINGS, type SettingKey, type TrainingSettings } from '../../../src/domain/settings.ts';
import type { TrainEvent, TrainOutput } from '../../../src/engine/contract.ts';
import { trainFineTuned } from '../../../src/engine/fine-tune/train-fine-tuned.ts';
import { trainAnyHead } from '../../../src/engine/heads/train-any-head.ts';
import { fineTuneRun } from './fine-tune-setup.ts';
import { makeRun, useBackend } from './train-setup.ts';

/** Few steps in which everything shows: the loss rises now and then, and the classes are of different size. */
const BASE: Partial<TrainingSettings> = {
  epochs: 60,
  learningRate: 0.3,
  hiddenUnits: 8,
  secondHiddenUnits: 6,
  classWeights: 'none',
  labelSmoothing: 0,
};

/** Another value of every setting that a head or stages could learn by. */
const OTHER: Partial<TrainingSettings> = {
  epochs: 5,
  batchSize: 10,
  learningRate: 0.1,
  optimizer: 'rmsprop',
  hiddenUnits: 4,
  secondHiddenUnits: 3,
  dropout: 0.5,
  l2: 0.01,
  labelSmoothing: 0.2,
  classWeights: 'balanced',
  warmupRatio: 0.4,
  cosineDecay: false,
  patience: 1,
  seed: 7,
  mixup: 1,
  fineTuneRate: 0.5,
  fineTuneEpochs: 4,
  stageRateDecay: 0.3,
};

const KEYS = SETTINGS.map(({ key }) => key).filter((key) => key in OTHER);

/** Class 0 gets the images of class 1 in every other row. */
function uneven<O extends { readonly rows: { readonly classIndices: readonly number[] } }>(options: O): O {
  const classIndices = options.rows.classIndices.map((own, row) => (own === 1 && row % 2 === 0 ? 0 : own));
  return { ...options, rows: { ...options.rows, classIndices } };
}

const traceOf = ({ head, end, bestEpochIndex }: TrainOutput, events: readonly TrainEvent[]) =>
  JSON.stringify([
    head.layers.map(({ kernel, bias }) => [[...kernel], [...bias]]),
    end,
    bestEpochIndex,
    events.map(({ epoch }) => [epoch.trainLoss, epoch.learningRate]),
  ]);

async function trainHeadAlone(settings: Partial<TrainingSettings>): Promise<string> {
  const { options, events } = makeRun({ settings });
  return traceOf(await trainAnyHead(uneven(options)), events);
}

/** Trains head and stages on the same images whatever the settings. */
async function stagesTrainer(): Promise<typeof trainHeadAlone> {
  const { cut, options } = await fineTuneRun();
  const { features, activations } = options;
  return async (settings) => {
    const run = makeRun({ settings });
    const output = await trainFineTuned({ ...uneven(run.options), features, activations, cut });
    return traceOf(output, run.events);
  };
}

/** Keys whose other value gives another run. */
async function keysThatChange(
  train: (settings: Partial<TrainingSettings>) => Promise<string>,
  base: Partial<TrainingSettings>,
): Promise<SettingKey[]> {
  const plain = await train(base);
  const found: SettingKey[] = [];
  for (const key of KEYS) if ((await train({ ...base, [key]: OTHER[key] })) !== plain) found.push(key);
  return found;
}

/** @param invisible counts, but shows only with more images than there are here. */
function keysThatCount(base: Partial<TrainingSettings>, invisible: readonly SettingKey[] = []): SettingKey[] {
  const deciding = { head: 'network', hiddenUnits: 8, augment: 'off', seed: 42, fineTuneStages: 0, ...base } as const;
  return KEYS.filter((key) => purposeOf(key, deciding) !== null && !invisible.includes(key));
}

describe('what counts is what changes the run', () => {
  beforeAll(() => useBackend('cpu'));

  test.each([
    ['network', []],
    ['logistic', []],
    ['prototypes', []],
    ['neighbours', ['seed']],
  ] as const)('of a head alone: %s', async (head, invisible) => {
    const base = { ...BASE, head };
    expect(await keysThatChange(trainHeadAlone, base)).toEqual(keysThatCount(base, invisible));
  });

  test('of a network without a hidden layer', async () => {
    const base = { ...BASE, hiddenUnits: 0 };
    const changing = await keysThatChange(trainHeadAlone, base);
    expect(changing).toEqual(keysThatCount(base));
    expect(changing).not.toContain('secondHiddenUnits');
  });

  test.each(['network', 'prototypes'] as const)('of stages above a head: %s', async (head) => {
    const base = { ...BASE, hiddenUnits: 0, fineTuneStages: 2, fineTuneRate: 1, fineTuneEpochs: 6, head };
    expect(await keysThatChange(await stagesTrainer(), base)).toEqual(keysThatCount(base));
  });
});
