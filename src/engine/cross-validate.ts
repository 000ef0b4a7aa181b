import { testPlanOf, viewPlanOf } from '../domain/augmented-view.ts';
import type { CrossValidateInput, JudgedFold } from './contract-measuring.ts';
import { trainAnyHead } from './heads/train-any-head.ts';
import { predictOverViews } from './predict-over-views.ts';
import type { Workplace } from './session.ts';
import type { TrainOptions } from './train.ts';
import { gatherForTraining } from './view-features.ts';

type Surroundings = Pick<TrainOptions, 'signal' | 'stopRequested' | 'now' | 'yieldToEvents'>;

interface CrossValidateOptions extends Surroundings {
  readonly emit: (fold: JudgedFold) => void;
}

/**
 * Trains a head for every fold and has it predict the images of that fold alone. Stop throws the fold under way away.
 *
 * @returns probabilities of all rows, zeros in the folds that were not judged, and how many folds were.
 */
export async function crossValidate(
  { hashes, classIndices, classCount, partsByFold, settings }: CrossValidateInput,
  workplace: Workplace,
  { emit, ...surroundings }: CrossValidateOptions,
): Promise<{ probabilities: Float32Array<ArrayBuffer>; doneCount: number }> {
  const probabilities = new Float32Array(hashes.length * classCount);
  const views = viewPlanOf(settings, settings.augmentViews);
  const { featureLength } = workplace.backbone.report;
  for (const [foldIndex, parts] of partsByFold.entries()) {
    const rows = { hashes, classIndices, parts };
    const startedMs = surroundings.now();
    let epochCount = 0;
    const { head, end } = await trainAnyHead({
      ...surroundings,
      features: await gatherForTraining(workplace.store, rows, views, featureLength),
      rows,
      viewCount: views?.viewCount ?? 0,
      classCount,
      settings,
      emit: () => {
        epochCount += 1;
      },
    });
    if (end === 'stopped-by-user') return { probabilities, doneCount: foldIndex };
    const judged = parts.flatMap((part, row) => (part === 'test' ? [row] : []));
    const judgedHashes = judged.map((row) => hashes[row] ?? '');
    const predicted = await predictOverViews(workplace, judgedHashes, head, testPlanOf(settings) ?? undefined);
    judged.forEach((row, index) => {
      probabilities.set(predicted.subarray(index * classCount, (index + 1) * classCount), row * classCount);
    });
    emit({ foldIndex, epochCount, elapsedMs: surroundings.now() - startedMs });
    await surroundings.yieldToEvents();
    surroundings.signal.throwIfAborted();
    if (surroundings.stopRequested()) return { probabilities, doneCount: foldIndex + 1 };
  }
  return { probabilities, doneCount: partsByFold.length };
}
