import type { ViewPlan } from '../domain/augmented-view.ts';
import type { Handlers } from '../rpc/calls.ts';
import type { EngineCalls, TrainingRows, TrainOutput } from './contract.ts';
import type { EngineSurroundings } from './create-engine.ts';
import { crossValidate } from './cross-validate.ts';
import type { FineTuneDesk } from './fine-tune/fine-tune-desk.ts';
import { trainFineTuned } from './fine-tune/train-fine-tuned.ts';
import { trainAnyHead } from './heads/train-any-head.ts';
import { instantBaseline } from './instant-baseline.ts';
import { findNearCopies } from './near-copies/find-near-copies.ts';
import { predictByModel } from './predict-by-model.ts';
import { predictFromAverages } from './predict-from-averages.ts';
import type { Session, Workplace } from './session.ts';
import { testLearningRates } from './test-learning-rates.ts';
import { trainMany } from './train-many.ts';
import { judgementOfProbabilities } from './training/judgement.ts';
import { gatherForTraining } from './view-features.ts';

type HeadCalls = Pick<
  EngineCalls,
  'nearCopies' | 'trainMany' | 'crossValidate' | 'testLearningRates' | 'instantBaseline' | 'predictFromAverages'
>;

/** The calls that train many models on cached features, or none. */
export function headHandlers(
  session: Session,
  fineTuning: FineTuneDesk,
  { now, yieldToEvents }: Pick<EngineSurroundings, 'now' | 'yieldToEvents'>,
): Handlers<HeadCalls> {
  const gathered = async ({ store, backbone }: Workplace, hashes: readonly string[]) => ({
    values: await store.gather(hashes),
    featureLength: backbone.report.featureLength,
  });
  return {
    nearCopies: ({ hashes, perceptualHashes, ...on }, { signal, transfer }) =>
      session.guard(() =>
        session.withWorkplace(on, async ({ store, backbone }) => {
          const source = {
            count: hashes.length,
            featureLength: backbone.report.featureLength,
            hashes: perceptualHashes,
            gather: (rows: readonly number[]) => store.gather(rows.map((row) => hashes[row] ?? '')),
          };
          const groups = await findNearCopies(source, { signal, yieldToEvents });
          transfer(groups.buffer);
          return groups;
        }),
      ),

    trainMany: ({ backbone, resizeMode, views, testViews, ...input }, { signal, stopRequested, emit }) =>
      session.guard(() =>
        session.withWorkplace({ backbone, resizeMode }, async (workplace) => {
          const { rows, classCount } = input;
          const features = await gatherForTraining(
            workplace.store,
            rows,
            views,
            workplace.backbone.report.featureLength,
          );
          const stagesOf = fineTuning.stagesOf(workplace, rows, views);
          const doneCount = await trainMany({
            ...input,
            features,
            viewCount: views?.viewCount ?? 0,
            train: (options) => {
              const { fineTuneStages } = options.settings;
              return fineTuneStages === 0
                ? trainAnyHead(options)
                : trainFineTuned({ ...options, ...stagesOf(fineTuneStages) });
            },
            judge: testViews && overViews(workplace, fineTuning, testViews, rows, classCount),
            ...{ signal, stopRequested, emit, now, yieldToEvents },
          });
          return { doneCount };
        }),
      ),

    crossValidate: (input, { signal, stopRequested, emit, transfer }) =>
      session.guard(() =>
        session.withWorkplace(input, async (workplace) => {
          const surroundings = { fineTuning, signal, stopRequested, emit, now, yieldToEvents };
          const output = await crossValidate(input, workplace, surroundings);
          transfer(output.probabilities.buffer);
          return output;
        }),
      ),

    testLearningRates: ({ rows, classCount, settings, rates, ...on }, { signal }) =>
      session.guard(() =>
        session.withWorkplace(on, async (workplace) => {
          const features = await gathered(workplace, rows.hashes);
          return {
            losses: await testLearningRates({ features, rows, classCount, settings, rates, signal, yieldToEvents }),
          };
        }),
      ),

    instantBaseline: (input) =>
      session.guard(() =>
        session.withWorkplace(input, ({ store, backbone }) =>
          instantBaseline(input, store, backbone.report.featureLength),
        ),
      ),

    predictFromAverages: ({ rows, classCount, ...on }, { transfer }) =>
      session.guard(() =>
        session.withWorkplace(on, async (workplace) => {
          const classIndices = await predictFromAverages(rows, classCount, workplace);
          transfer(classIndices.buffer);
          return classIndices;
        }),
      ),
  };
}

/** Judges models on the validation images by the mean over each and its changed views. */
function overViews(
  workplace: Workplace,
  fineTuning: FineTuneDesk,
  views: ViewPlan,
  { hashes, classIndices, parts }: TrainingRows,
  classCount: number,
) {
  const held = parts.flatMap((part, row) => (part === 'validation' ? [row] : []));
  const heldHashes = held.map((row) => hashes[row] ?? '');
  const heldClasses = Int32Array.from(held, (row) => classIndices[row] ?? 0);
  return async (output: TrainOutput) => {
    const probabilities = await predictByModel(workplace, fineTuning, output, heldHashes, views);
    return judgementOfProbabilities(probabilities, heldClasses, classCount);
  };
}
