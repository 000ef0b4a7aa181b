import type { Handlers } from '../rpc/calls.ts';
import type { EngineCalls } from './contract.ts';
import type { EngineSurroundings } from './create-engine.ts';
import { crossValidate } from './cross-validate.ts';
import { instantBaseline } from './instant-baseline.ts';
import { predictFromAverages } from './predict-from-averages.ts';
import type { Session, Workplace } from './session.ts';
import { testLearningRates } from './test-learning-rates.ts';
import { trainMany } from './train-many.ts';
import { gatherForTraining } from './view-features.ts';

type HeadCalls = Pick<
  EngineCalls,
  'trainMany' | 'crossValidate' | 'testLearningRates' | 'instantBaseline' | 'predictFromAverages'
>;

/** The calls that fit many heads, or none, to cached features. */
export function headHandlers(
  session: Session,
  { now, yieldToEvents }: Pick<EngineSurroundings, 'now' | 'yieldToEvents'>,
): Handlers<HeadCalls> {
  const gathered = async ({ store, backbone }: Workplace, hashes: readonly string[]) => ({
    values: await store.gather(hashes),
    featureLength: backbone.report.featureLength,
  });
  return {
    trainMany: ({ rows, classCount, views, candidates, resizeMode }, { signal, stopRequested, emit }) =>
      session.guard(() =>
        session.withWorkplace(resizeMode, async ({ store, backbone }) => {
          const features = await gatherForTraining(store, rows, views, backbone.report.featureLength);
          const viewCount = views?.viewCount ?? 0;
          const surroundings = { signal, stopRequested, emit, now, yieldToEvents };
          return { doneCount: await trainMany({ features, rows, viewCount, classCount, candidates, ...surroundings }) };
        }),
      ),

    crossValidate: (input, { signal, stopRequested, emit, transfer }) =>
      session.guard(() =>
        session.withWorkplace(input.resizeMode, async (workplace) => {
          const surroundings = { signal, stopRequested, emit, now, yieldToEvents };
          const output = await crossValidate(input, workplace, surroundings);
          transfer(output.probabilities.buffer);
          return output;
        }),
      ),

    testLearningRates: ({ rows, classCount, settings, rates, resizeMode }, { signal }) =>
      session.guard(() =>
        session.withWorkplace(resizeMode, async (workplace) => {
          const features = await gathered(workplace, rows.hashes);
          return {
            losses: await testLearningRates({ features, rows, classCount, settings, rates, signal, yieldToEvents }),
          };
        }),
      ),

    instantBaseline: ({ resizeMode, ...input }) =>
      session.guard(() =>
        session.withWorkplace(resizeMode, ({ store, backbone }) =>
          instantBaseline(input, store, backbone.report.featureLength),
        ),
      ),

    predictFromAverages: ({ rows, classCount, resizeMode }, { transfer }) =>
      session.guard(() =>
        session.withWorkplace(resizeMode, async (workplace) => {
          const classIndices = await predictFromAverages(rows, classCount, workplace);
          transfer(classIndices.buffer);
          return classIndices;
        }),
      ),
  };
}
