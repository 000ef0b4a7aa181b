import { testPlanOf, viewPlanOf } from './augmented-view.ts';
import type { Part } from './dataset.ts';
import type { TrainingSettings } from './settings.ts';

type ViewSettings = Pick<TrainingSettings, 'augment' | 'augmentViews' | 'testTimeViews' | 'seed'>;

/** Changed views of every training image that a run with these settings learns from. */
export function trainViewCount(settings: ViewSettings): number {
  return viewPlanOf(settings, settings.augmentViews)?.viewCount ?? 0;
}

/**
 * How many rows fine-tuning computes up to the trained stages and keeps: all images, the changed views of training images,
 * and those of held-out images where scores average over views.
 * @param parts images of every part.
 */
export function fineTuneRowCount(settings: ViewSettings, parts: Readonly<Record<Part, number>>): number {
  const heldOutViewCount = testPlanOf(settings)?.viewCount ?? 0;
  return (trainViewCount(settings) + 1) * parts.train + (heldOutViewCount + 1) * (parts.validation + parts.test);
}
