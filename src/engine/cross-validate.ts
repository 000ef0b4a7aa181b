import { testPlanOf, viewPlanOf } from '../domain/augmented-view.ts';
import type { TrainEvent } from './contract.ts';
import type { CrossValidateInput, JudgedFold, TrialEpoch } from './contract-measuring.ts';
import type { FineTuneDesk } from './fine-tune/fine-tune-desk.ts';
import { trainAnyHead } from './heads/train-any-head.ts';
import { predictByModel } from './predict-by-model.ts';
import type { Workplace } from './session.ts';
import type { TrainOptions } from './train.ts';
import { endedEarly, tellOfEpochs } from './trial-epochs.ts';
import { gatherForTraining } from './view-features.ts';

type Surroundings = Pick<TrainOptions, 'signal' | 'stopRequested' | 'now' | 'yieldToEvents'>;

interface CrossValidateOptions extends Surroundings {
  readonly fineTuning: FineTuneDesk;
  readonly emit: (event: JudgedFold | TrialEpoch) => void;
}

/**
 * Trains a head for every fold, and stages where the settings ask for them, and has it predict the images of that fold
 * alone. Whether a fold's stages are kept is decided on its own validation images. Stop throws the fold under way away.
 *
 * @returns probabilities of all rows, zeros in the folds that were not judged, and how many folds were.
 */
export async function crossValidate(
  { hashes, classIndices, classCount, partsByFold, settings, groupIds = hashes }: CrossValidateInput,
  workplace: Workplace,
  { emit, fineTuning, ...surroundings }: CrossValidateOptions,
): Promise<{ probabilities: Float32Array<ArrayBuffer>; doneCount: number }> {
  const probabilities = new Float32Array(hashes.length * classCount);
  const views = viewPlanOf(settings, settings.augmentViews);
  const { featureLength } = workplace.backbone.report;
  for (const [foldIndex, parts] of partsByFold.entries()) {
    const rows = { hashes, classIndices, parts, groupIds };
    const startedMs = surroundings.now();
    let epochCount = 0;
    const telling = tellOfEpochs(foldIndex, settings, emit);
    const options = {
      ...surroundings,
      features: await gatherForTraining(workplace.store, rows, views, featureLength),
      rows,
      viewCount: views?.viewCount ?? 0,
      classCount,
      settings,
      emit: (event: TrainEvent) => {
        epochCount += 1;
        telling.emit(event);
      },
    };
    const output = await (settings.fineTuneStages === 0
      ? trainAnyHead(options)
      : fineTuning.train(workplace, { ...options, views, onStages: telling.onStages }));
    if (endedEarly(output, settings)) return { probabilities, doneCount: foldIndex };
    const judged = parts.flatMap((part, row) => (part === 'test' ? [row] : []));
    const judgedHashes = judged.map((row) => hashes[row] ?? '');
    const predicted = await predictByModel(workplace, fineTuning, output, judgedHashes, testPlanOf(settings));
    judged.forEach((row, index) => {
      probabilities.set(predicted.subarray(index * classCount, (index + 1) * classCount), row * classCount);
    });
    const elapsedMs = surroundings.now() - startedMs;
    const chosenHead = output.classifier?.chosen ?? null;
    emit({ foldIndex, epochCount, elapsedMs, stagesKept: output.guard?.kept ?? null, chosenHead });
    await surroundings.yieldToEvents();
    surroundings.signal.throwIfAborted();
    if (surroundings.stopRequested()) return { probabilities, doneCount: foldIndex + 1 };
  }
  return { probabilities, doneCount: partsByFold.length };
}
