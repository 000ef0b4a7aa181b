import { trainViewCount } from '../../domain/fine-tune-rows.ts';
import { lastStagesText } from '../../domain/fine-tune-words.ts';
import type { TrainingSettings } from '../../domain/settings.ts';
import { countOf } from '../../ui/number-text.ts';

/** How trials differ from a run with the settings in the form, and what they share with it where one may doubt it. */
export function trialNotes(settings: TrainingSettings): readonly string[] {
  const { fineTuneStages } = settings;
  const viewCount = trainViewCount(settings);
  return [
    ...(viewCount === 0
      ? []
      : [
          `The form asks for augmentation: heads learn here, too, from every training image and its ${countOf(viewCount, 'changed view')}; those that are missing are made first. Only the test of learning rates takes the images as they are.`,
        ]),
    ...(fineTuneStages === 0
      ? []
      : [
          `The form asks for fine-tuning: what is tried here is the head on the frozen network, also in the run at the end of a search. ${capitalised(lastStagesText(fineTuneStages))} of the network ${fineTuneStages === 1 ? 'is' : 'are'} trained when you press Train.`,
        ]),
  ];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
