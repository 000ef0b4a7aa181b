import type { ViewPlan } from '../domain/augmented-view.ts';
import type { ContentHash } from '../domain/dataset.ts';
import type { TrainOutput } from './contract.ts';
import type { FineTuneDesk } from './fine-tune/fine-tune-desk.ts';
import { predictOverViews } from './predict-over-views.ts';
import type { Workplace } from './session.ts';

/**
 * Probabilities of cached images by what a training gave, float32 [hashes.length, classCount]; with views the mean over
 * the image and its views.
 * @throws RemoteError 'features-missing'.
 */
export function predictByModel(
  workplace: Workplace,
  fineTuning: FineTuneDesk,
  { head, tuned }: Pick<TrainOutput, 'head' | 'tuned'>,
  hashes: readonly ContentHash[],
  views: ViewPlan | null,
): Promise<Float32Array<ArrayBuffer>> {
  if (tuned === null) return predictOverViews(workplace, hashes, head, views ?? undefined);
  return fineTuning.predict(workplace, tuned, head, hashes, views);
}
