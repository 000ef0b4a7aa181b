import { beforeAll, describe, expect, it } from 'vitest';
import type { TunedStages } from '../../../src/domain/tuned-stages.ts';
import type { TrainOutput } from '../../../src/engine/contract.ts';
import { featuresAtCut } from '../../../src/engine/fine-tune/features-at-cut.ts';
import {
  type StageOptions,
  trainFineTuned,
  trainStagesFurther,
} from '../../../src/engine/fine-tune/train-fine-tuned.ts';
import { createTunedStepper } from '../../../src/engine/fine-tune/tuned-stepper.ts';
import { measureScale } from '../../../src/engine/heads/feature-scale.ts';
import * as tf from '../../../src/engine/tf.ts';
import { trainHead } from '../../../src/engine/train.ts';
import { rowsToTrainOn } from '../../../src/engine/training/rows-by-part.ts';
import { splitAtStage, withTunedStages } from '../../../src/graph/split-at-stage.ts';
import { fineTuneRun, LIVELY, network } from './fine-tune-setup.ts';
import { useBackend } from './train-setup.ts';

type Setup = Awaited<ReturnType<typeof fineTuneRun>>;

/** A run that went on from `origin`, as the desk puts it together. */
function further({ options, cut }: Setup, { head, tuned }: TrainOutput, settings = options.settings): StageOptions {
  if (tuned === null) throw new Error('the first run tuned nothing');
  const { features: _, ...rest } = options;
  return { ...rest, settings, initialHead: head, tuned, cut: { ...cut, upper: withTunedStages(cut.upper, tuned) } };
}

/** A run whose stages helped, and its setup with no events yet. */
async function tunedRun(): Promise<{ setup: Setup; first: TrainOutput }> {
  const setup = await fineTuneRun({ settings: { ...LIVELY, fineTuneEpochs: 8 }, validationCount: 60 });
  const first = await trainFineTuned(setup.options);
  setup.events.length = 0;
  return { setup, first };
}

describe('going on from tuned stages', () => {
  beforeAll(() => useBackend('wasm'));

  it('starts where the run ended, without a phase of the head, and is the same twice', async () => {
    const { setup, first } = await tunedRun();
    const before = tf.memory().numTensors;
    const output = await trainStagesFurther(further(setup, first));
    expect(tf.memory().numTensors).toBe(before);
    const curve = structuredClone(setup.events.map(({ epoch }) => ({ ...epoch, elapsedMs: 0 })));
    expect(curve.map(({ phase, epochIndex }) => [phase, epochIndex])).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((index) => ['fine-tune', index]),
    );
    expect(setup.events.every(({ epochCount }) => epochCount === 8)).toBe(true);
    expect(output.guard).toMatchObject({ start: 'run', kept: true, imageCount: 60 });
    expect(output.guard?.startAccuracyRatio).toBe(first.guard?.tunedAccuracyRatio);
    expect(output.tuned?.weights.map(({ nodeName }) => nodeName)).toEqual(['block_2', 'block_3']);
    setup.events.length = 0;
    const again = await trainStagesFurther(further(setup, first));
    expect(setup.events.map(({ epoch }) => ({ ...epoch, elapsedMs: 0 }))).toEqual(curve);
    expect(again.tuned).toEqual(output.tuned);
  });

  it('moves as a network that has the tuned weights as its own, bit for bit', async () => {
    const { setup, first } = await tunedRun();
    const { options, cut, events } = setup;
    const output = await trainStagesFurther(further(setup, first));
    const { upper } = splitAtStage(withTunedStages(network(), first.tuned as TunedStages), 2);
    const parts = rowsToTrainOn(options.rows);
    const { rowIndices } = parts.train;
    const rowCount = options.rows.hashes.length;
    const features = await featuresAtCut(upper, options.activations, rowIndices, rowCount, options);
    const stepper = createTunedStepper({
      graph: upper,
      stageOf: cut.stageOf,
      activations: options.activations,
      head: first.head,
      scale: measureScale(features, rowIndices),
      ...parts,
      shape: { featureLength: 4, hiddenUnits: [], classCount: 3 },
      settings: {
        ...options.settings,
        learningRate: options.settings.learningRate * options.settings.fineTuneRate,
        epochs: options.settings.fineTuneEpochs,
      },
    });
    for (const { epoch } of events) {
      stepper.startEpoch();
      for (let batch = 0; batch < stepper.batchCount; batch += 1) stepper.step(batch);
      const { trainLoss, judged } = await stepper.finishEpoch();
      expect([trainLoss, judged.loss]).toEqual([epoch.trainLoss, epoch.validationLoss]);
      if (epoch.epochIndex === output.bestEpochIndex) {
        expect(await stepper.readKeptStages()).toEqual(output.tuned?.weights);
      }
    }
    stepper.dispose();
  });

  it('goes back to the run it goes on from, head and stages, where training further brings nothing clear', async () => {
    const { setup, first } = await tunedRun();
    // A rate at which nothing moves beyond chance.
    const settings = { ...setup.options.settings, learningRate: 1e-9, fineTuneEpochs: 2 };
    const output = await trainStagesFurther(further(setup, first, settings));
    expect(output).toMatchObject({ guard: { start: 'run', kept: false } });
    expect([output.head, output.tuned]).toEqual([first.head, first.tuned]);
  });

  it('with stages below them starts those from the pretrained weights, and trains all', async () => {
    const setup = await fineTuneRun({ settings: LIVELY, validationCount: 60 });
    const { upper } = splitAtStage(network(), 1);
    const weights = upper.nodes.flatMap((node) =>
      'kernel' in node ? [{ nodeName: node.name, kernel: node.kernel.values, bias: node.bias.values }] : [],
    );
    const tuned = { stageCount: 1, cutNode: upper.cutNode, weights };
    const frozen = await trainHead({ ...setup.options, stopRequested: () => true });
    const output = await trainStagesFurther(further(setup, { ...frozen, tuned }));
    expect(output.guard?.kept).toBe(true);
    expect(output.tuned).toMatchObject({ stageCount: 2, cutNode: 'block_1' });
    expect(output.tuned?.weights.map(({ nodeName }) => nodeName)).toEqual(['block_2', 'block_3']);
  });

  it('trains the head first where it is asked to, and keeps the stages when that is where it ends', async () => {
    const { setup, first } = await tunedRun();
    const { cut, ...rest } = further(setup, first);
    const { train, judge } = rowsToTrainOn(rest.rows);
    const rowIndices = Int32Array.from([...train.rowIndices, ...judge.rowIndices]);
    const before = tf.memory().numTensors;
    const features = await featuresAtCut(cut.upper, rest.activations, rowIndices, rest.rows.hashes.length, rest);
    expect(features.values).not.toEqual(setup.options.features.values);
    const output = await trainFineTuned({ ...rest, cut, features });
    expect(tf.memory().numTensors).toBe(before);
    expect(setup.events.map(({ epoch }) => epoch.phase)).toEqual([
      ...Array(4).fill('head'),
      ...Array(8).fill('fine-tune'),
    ]);
    expect(output.guard?.start).toBe('stages-of-run');
    const stopped = await trainFineTuned({ ...rest, cut, features, stopRequested: () => true });
    expect(stopped).toMatchObject({ end: 'stopped-by-user', guard: null });
    expect(stopped.tuned).toBe(first.tuned);
  });

  it('needs validation images, and the head that belongs to the stages', async () => {
    const { setup, first } = await tunedRun();
    const options = further(setup, first);
    await expect(trainStagesFurther({ ...options, initialHead: null })).rejects.toMatchObject({ code: 'head-unfit' });
    const parts = options.rows.parts.map(() => 'train' as const);
    await expect(trainStagesFurther({ ...options, rows: { ...options.rows, parts } })).rejects.toMatchObject({
      code: 'fine-tune-needs-validation',
    });
  });
});
