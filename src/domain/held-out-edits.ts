import type { ClassId, Dataset, HeldOutEdits, ImageId } from './dataset.ts';
import { predictedIndices } from './metrics/predicted.ts';
import type { Predictions, Run } from './run.ts';

export const NO_HELD_OUT_EDITS: HeldOutEdits = { relabelledCount: 0, deletedCount: 0 };

/** What a run said of its test images. */
export interface JudgedImages {
  readonly run: Pick<Run, 'classes'>;
  readonly predictions: Predictions;
}

/** The class that a run's model gave each of its test images. */
function answersOf({ run, predictions }: JudgedImages): ReadonlyMap<ImageId, ClassId> {
  const predicted = predictedIndices(predictions);
  const answers = new Map<ImageId, ClassId>();
  predictions.imageIds.forEach((id, row) => {
    const label = run.classes[predicted[row] ?? -1];
    if (predictions.parts[row] === 'test' && label !== undefined) answers.set(id, label.id);
  });
  return answers;
}

/** How many test images a move puts into the class that the model said: the next score is better for it, right or wrong. */
export function relabelledToAnswer(
  { images }: Dataset,
  moved: { readonly imageIds: readonly ImageId[]; readonly classId: ClassId },
  judged: JudgedImages,
): number {
  const answers = answersOf(judged);
  return moved.imageIds.filter((id) => {
    const answer = answers.get(id);
    return answer === moved.classId && images.get(id)?.classId !== answer;
  }).length;
}

/** How many test images a deletion takes away that the model got wrong. */
export function deletedMistakes({ images }: Dataset, imageIds: readonly ImageId[], judged: JudgedImages): number {
  const answers = answersOf(judged);
  return imageIds.filter((id) => {
    const answer = answers.get(id);
    return answer !== undefined && images.get(id) !== undefined && images.get(id)?.classId !== answer;
  }).length;
}

const photos = (count: number) => (count === 1 ? '1 test photo was' : `${count} test photos were`);

/** Why a test score may look better than it is, as a sentence; null where no such edit was made. */
export function heldOutEditsSentence({ relabelledCount, deletedCount }: HeldOutEdits): string | null {
  const edits = [
    ...(relabelledCount === 0 ? [] : [`${photos(relabelledCount)} relabelled to what a model had said`]),
    ...(deletedCount === 0 ? [] : [`${photos(deletedCount)} deleted that a model had got wrong`]),
  ];
  if (edits.length === 0) return null;
  return `${edits.join(', and ')}, so the test score may be better than the model is on new photos.`;
}
