/** What learns on the features; see each option's label in the table below. */
export type HeadKind = 'network' | 'logistic' | 'prototypes' | 'neighbours';

/** A head, or `auto` for the one that turns out best on held-out images. */
export type HeadChoice = HeadKind | 'auto';

/** A class with fewer training images gets a plain softmax head under `auto`. */
export const HIDDEN_LAYER_FROM_IMAGES = 50;
export const AUTO_HIDDEN_UNITS = 100;

/** The row of the settings table that decides which others count. */
export const HEAD_CHOICE = {
  head: {
    key: 'head',
    kind: 'choice',
    label: 'Head',
    help: 'What learns on the features: Automatic tries class averages, logistic regression and, with images enough, a network, and keeps the one that does best on images it has not seen.',
    group: 'basic',
    default: 'auto',
    options: [
      { value: 'auto', label: 'Automatic' },
      { value: 'network', label: 'Network' },
      { value: 'logistic', label: 'Logistic regression' },
      { value: 'prototypes', label: 'Class averages' },
      { value: 'neighbours', label: 'Nearest neighbours' },
    ],
    auto: 'The best of class averages, logistic regression and a network on held-out images; of equals logistic regression, and a network last. With fine-tuning, a network.',
  },
} as const;

/** Rows of the settings table about the layers of a network head, and its folds. */
export const HEAD_SETTINGS = {
  hiddenUnits: {
    key: 'hiddenUnits',
    kind: 'number',
    label: 'Hidden units',
    help: 'Size of the layer between features and classes of a network head; 0 leaves it out.',
    group: 'advanced',
    default: 'auto',
    min: 0,
    max: 1024,
    step: 10,
    whole: true,
    unit: 'units',
    auto: `${AUTO_HIDDEN_UNITS}, or 0 when a class has fewer than ${HIDDEN_LAYER_FROM_IMAGES} training images.`,
  },
  secondHiddenUnits: {
    key: 'secondHiddenUnits',
    kind: 'number',
    label: 'Second hidden layer',
    help: 'Size of one more layer behind the hidden units; 0 leaves it out, which is best for nearly all data.',
    group: 'advanced',
    default: 0,
    min: 0,
    max: 1024,
    step: 10,
    whole: true,
    unit: 'units',
    auto: null,
  },
  folds: {
    key: 'folds',
    kind: 'number',
    label: 'Folds',
    help: 'Into how many parts cross-validation deals the images, each predicted by a model that learnt from the others.',
    group: 'cross-validation',
    default: 5,
    min: 2,
    max: 10,
    step: 1,
    whole: true,
    unit: 'folds',
    auto: null,
  },
} as const;
