import type { HeadWeights } from '../../domain/head.ts';
import type { EpochRecord } from '../../domain/run.ts';
import type { TrainOptions } from '../train.ts';
import { type Judgement, judgementOfProbabilities } from '../training/judgement.ts';
import type { PartRows } from '../training/rows-by-part.ts';
import { predictRows } from './row-losses.ts';

/** Scores a head on both parts, or on the held-out one where the other is known, and emits what an epoch of a network would. */
export function solverEvents(
  { features, classCount, emit, now }: TrainOptions,
  { train, judge }: { readonly train: PartRows; readonly judge: PartRows },
  epochCount: number,
) {
  const startedMs = now();
  const judgePart = async (part: PartRows, head: HeadWeights) =>
    judgementOfProbabilities(await predictRows(features, part.rowIndices, head), part.classIndices, classCount);
  let toldCount = 0;
  const tell = async (epochIndex: number, head: HeadWeights, onTraining: Judgement | null = null): Promise<void> => {
    const own = onTraining ?? (await judgePart(train, head));
    const held = judge === train ? own : await judgePart(judge, head);
    const hasValidation = judge.part === 'validation';
    const elapsedMs = now() - startedMs;
    const epoch: EpochRecord = {
      epochIndex,
      trainLoss: own.loss,
      trainAccuracyRatio: own.accuracyRatio,
      validationLoss: hasValidation ? held.loss : null,
      validationAccuracyRatio: hasValidation ? held.accuracyRatio : null,
      recallRatios: hasValidation ? held.recallRatios : held.recallRatios.map(() => Number.NaN),
      // Nothing here has a rate: the solver finds its own steps.
      learningRate: 0,
      elapsedMs,
      phase: 'head',
    };
    const imagesPerSecond = ((epochIndex + 1) * train.rowIndices.length) / Math.max(elapsedMs / 1000, Number.EPSILON);
    toldCount += 1;
    emit({ epoch, epochCount, confusion: held.confusion, confusionPart: judge.part, imagesPerSecond });
  };
  return Object.assign(tell, { elapsedMs: () => now() - startedMs, count: () => toldCount });
}
