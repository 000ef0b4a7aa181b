import { trainViewCount } from '../../domain/fine-tune-rows.ts';
import { lastStagesText } from '../../domain/fine-tune-words.ts';
import type { TrainingSettings } from '../../domain/settings.ts';
import { countOf } from '../../ui/number-text.ts';

/** How trials differ from a run with the settings in the form, and what they share with it where one may doubt it. */
export function trialNotes(settings: TrainingSettings): readonly string[] {
  const { fineTuneStages, testTimeViews } = settings;
  const viewCount = trainViewCount(settings);
  return [
    ...(viewCount === 0
      ? []
      : [
          `The form asks for augmentation: what is tried here learns from every training image and its ${countOf(viewCount, 'changed view')}; those that are missing are made first. Only the test of learning rates takes the images as they are.`,
        ]),
    ...(testTimeViews === 0
      ? []
      : [
          'The form asks for views when scoring: a search and cross-validation judge held-out images so. The learning curve judges them as they are.',
        ]),
    ...(fineTuneStages === 0
      ? []
      : [
          `The form asks for fine-tuning: cross-validation trains ${lastStagesText(fineTuneStages)} of the network in every fold, and a search in every try that does not vary their number. The test of learning rates and the learning curve are about the head on the frozen network.`,
        ]),
  ];
}
