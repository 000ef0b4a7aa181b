/** What a failure means for the user: what happened, and what to do. */
export interface ErrorText {
  readonly title: string;
  readonly advice: string;
}

/** One text per code; every code the engine, storage, files and graph may throw is here. */
const TEXTS: Readonly<Record<string, ErrorText>> = {
  'backbone-busy': {
    title: 'A training run is using the network.',
    advice: 'Nothing is lost. Switch when it has ended, or stop it first.',
  },
  'backbone-corrupt': {
    title: 'The network file is damaged or not complete.',
    advice: 'The network in use stays loaded. Try again with a fresh copy, or choose another network.',
  },
  'backbone-missing-file': {
    title: 'The file of this network is not in this browser any more.',
    advice: 'The network in use stays loaded. Bring the file again under Backbone.',
  },
  'backbone-mismatch': {
    title: 'This run was trained on another network than the one loaded.',
    advice: 'Nothing is lost. Load its network, then download again.',
  },
  'backbone-too-large': {
    title: 'These files are too large for a network in the browser.',
    advice: 'The network in use stays loaded. At most 1 GB can be read; choose a smaller network.',
  },
  'backbone-unreachable': {
    title: 'The network could not be downloaded.',
    advice: 'The network in use stays loaded. Check the connection and try again.',
  },
  'backbone-unsupported': {
    title: 'This network has a part that Graft cannot run.',
    advice: 'The network in use stays loaded. Choose another one.',
  },
  'backbone-missing': {
    title: 'No network is loaded yet.',
    advice: 'Nothing is lost. Wait until the network is ready, or choose one at the top of the page.',
  },
  'broken-image': {
    title: 'This image could not be read.',
    advice: 'The file may be damaged or not an image. Try another one.',
  },
  'device-busy': {
    title: 'Something else is using the device.',
    advice: 'Nothing is lost. Try again when training, comparing or adding images has ended.',
  },
  'device-lost': {
    title: 'The graphics device went away.',
    advice: 'Your data and finished runs are kept. The engine has started again: repeat the last step.',
  },
  'disk-full': {
    title: 'The disk space of this browser is used up.',
    advice:
      'Everything saved before is kept. Free space, or delete a project you no longer need, and repeat the last step.',
  },
  'engine-not-started': {
    title: 'The engine has not started yet.',
    advice: 'Nothing is lost. Wait a moment and try again.',
  },
  'features-missing': {
    title: 'Some images were not prepared yet.',
    advice: 'Nothing is lost. Press Train again to prepare them.',
  },
  'features-not-finite': {
    title: 'The network gives no usable numbers, so it is not used.',
    advice: 'The network in use stays loaded. Choose another pixel scaling, or check the file where it was made.',
  },
  'file-unreadable': {
    title: 'This file could not be read.',
    advice: 'The open project is unchanged. Check that it is a file saved by Graft and complete.',
  },
  'fine-tune-impossible': {
    title: 'This network has no stages that could be trained.',
    advice: 'Nothing was changed. Set the stages to fine-tune to 0, or choose another network.',
  },
  'fine-tune-needs-validation': {
    title: 'Fine-tuning needs validation images to tell whether it helps, and there are none.',
    advice:
      'Nothing was changed. Give the validation part a share of the images, or train a new run with the stages to fine-tune at 0.',
  },
  'fine-tune-neighbours': {
    title: 'Nearest neighbours have no weights that stages of the network could learn with.',
    advice: 'Nothing was changed. Set the stages to fine-tune to 0, or choose another head.',
  },
  'folding-failed': {
    title: 'The network gives other results after conversion, so it is not used.',
    advice: 'The network in use stays loaded. Choose another one.',
  },
  'head-missing': {
    title: 'There is no trained model yet.',
    advice: 'Train one first.',
  },
  'head-unfit': {
    title: 'The head of that run does not fit this project any more.',
    advice: 'All runs are kept. None of its classes has images now, or its layers differ: train a new run instead.',
  },
  'library-unreachable': {
    title: 'A part of the download could not be read.',
    advice: 'Nothing is lost. Reload the page and download again.',
  },
  'no-backend': {
    title: 'No way to compute was found in this browser.',
    advice: 'Your data is safe. Use a current version of Chrome, Edge, Firefox or Safari.',
  },
  'no-model': {
    title: 'A cross-validation leaves no one model.',
    advice:
      'It trained one for every fold, to judge the settings. Press Train for a model to use, or choose another run.',
  },
  'other-backbone': {
    title: 'The current model was trained on another network than the one loaded.',
    advice: 'The run is kept. Load its network again, or train a new run on this one.',
  },
  'project-missing': {
    title: 'This project is not in this browser any more.',
    advice: 'The open project is unchanged. It may have been deleted in another tab.',
  },
  'run-missing': {
    title: 'This run, or what it said of the images, is not in this browser any more.',
    advice: 'The other runs are unchanged. It may have been deleted in another tab.',
  },
  'stale-backbone': {
    title: 'Another network is in use by now.',
    advice:
      'So the last step was ended: images, labels and earlier runs are kept. Repeat it, or choose the network again.',
  },
  'storage-blocked': {
    title: 'Another tab holds an older version of the saved data.',
    advice: 'Nothing is lost. Close the other Graft tabs and reload this one.',
  },
  'storage-unavailable': {
    title: 'This browser does not let Graft save anything.',
    advice:
      'Work done now is gone when the tab closes. Leave private browsing, or allow site data for this page, and reload.',
  },
  'too-few-images': {
    title: 'There are too few images to train on.',
    advice: 'Add images so that at least two classes have some in the training part.',
  },
  'training-diverged': {
    title: 'The loss grew beyond all bounds, so the run was ended.',
    advice:
      'Earlier runs are kept. Lower the learning rate, or the fine-tuning rate where stages were trained, to a tenth and train again.',
  },
  'worker-crashed': {
    title: 'The engine stopped unexpectedly.',
    advice: 'Your images, labels and finished runs are kept. The engine has started again: repeat the last step.',
  },
};

/** Failures whose own message names what is wrong (a node, a tensor, a file) in plain words. */
const TELLING: ReadonlySet<string> = new Set(['backbone-corrupt', 'backbone-unsupported', 'folding-failed']);

/** The code of a failure from any room, or null for a bug without one. */
export function errorCode(error: unknown): string | null {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return null;
}

/** True when the user cancelled: nothing to report. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Chooses the text for a failure; one without a code is shown with its own message. */
export function errorText(error: unknown): ErrorText {
  const code = errorCode(error) ?? '';
  const known = TEXTS[code];
  if (known !== undefined && TELLING.has(code) && error instanceof Error) {
    return { title: known.title, advice: `${error.message} ${known.advice}` };
  }
  if (known !== undefined) return known;
  const message = error instanceof Error ? error.message : String(error);
  return { title: 'Something went wrong.', advice: `Your saved data is kept. Reload the page to go on. (${message})` };
}
