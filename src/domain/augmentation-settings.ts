import { AUGMENT_PRESETS } from './augmentation.ts';

/** Views of one image at most; features in memory are shared out among so many. */
export const MOST_VIEWS = 16;

/** Rows of the settings table that are about changed pictures. */
export const AUGMENTATION_SETTINGS = {
  augment: {
    key: 'augment',
    kind: 'augmentation',
    label: 'Augmentation',
    help: 'Shows the model changed views of every training image as well, so that it learns what does not matter.',
    group: 'augmentation',
    default: 'off',
    options: AUGMENT_PRESETS,
    auto: null,
  },
  augmentViews: {
    key: 'augmentViews',
    kind: 'number',
    label: 'Views',
    help: 'So many changed views are made of every training image, beside the image as it is.',
    group: 'augmentation',
    default: 4,
    min: 1,
    max: MOST_VIEWS,
    step: 1,
    whole: true,
    unit: 'views',
    auto: null,
  },
  mixup: {
    key: 'mixup',
    kind: 'number',
    label: 'Mixup',
    help: 'How far pairs of training images are blended, their labels in the same share; 0 blends none and 1 blends in any share.',
    group: 'augmentation',
    default: 0,
    min: 0,
    max: 2,
    step: 0.1,
    whole: false,
    unit: '',
    auto: null,
  },
  testTimeViews: {
    key: 'testTimeViews',
    kind: 'number',
    label: 'Views when scoring',
    help: 'Scores of held-out images average over the image and so many changed views of it (without augmentation, its mirror image), which Try it and the downloaded model do not do.',
    group: 'augmentation',
    default: 0,
    min: 0,
    max: MOST_VIEWS,
    step: 1,
    whole: true,
    unit: 'views',
    auto: null,
  },
} as const;
