import type { ClassId, Dataset } from '../domain/dataset.ts';
import type { AppState } from '../state/app-state.ts';

type Facts = Pick<AppState, 'engine' | 'backbones' | 'project' | 'import' | 'comparing' | 'tuning'>;

/** Classes with images, counted up to two: asked at every change of the page, so the search ends as soon as it can. */
export function filledClassCount({ images }: Dataset): number {
  const filled = new Set<ClassId>();
  for (const { classId } of images.values()) if (filled.add(classId).size === 2) return 2;
  return filled.size;
}

/** Why training cannot start now, as one sentence with what to do; null when it can. */
export function whyNotTrain(facts: Facts): string | null {
  const { engine, backbones, project, import: importing, comparing, tuning } = facts;
  if (project === null) return 'The project is still opening.';
  const dataReason = whyNotWithData(project.dataset);
  if (dataReason !== null) return dataReason;
  if (importing?.kind === 'reading') return 'Images are still being added. Training can start when they are in.';
  if (tuning !== null)
    return 'Settings are being tried under Tune. Training can start when that has ended, or is stopped.';
  if (comparing !== null) return 'Networks are being compared. Training can start when that has ended, or is stopped.';
  if (engine.kind === 'starting') return 'The engine is starting; this takes a few seconds.';
  if (engine.kind === 'restarting') return 'The engine is starting again.';
  if (engine.kind === 'failed') return `The engine did not start: ${engine.message}`;
  if (backbones.current !== null) return null;
  return backbones.loading === null
    ? 'No network is loaded. Choose one at the top of the page.'
    : 'The network is being loaded.';
}

/** Why settings cannot be tried now; null when they can. */
export function whyNotTune(facts: Facts & Pick<AppState, 'training'>): string | null {
  const { training, tuning } = facts;
  if (tuning !== null) return 'Another trial is running. Wait until it has ended, or stop it.';
  if (training.kind !== 'idle' && training.kind !== 'failed') {
    return 'A training run is using the device. Wait until it has ended, or stop it.';
  }
  return whyNotTrain(facts);
}

function whyNotWithData(dataset: Dataset): string | null {
  if (dataset.classes.length === 0) return 'Add at least two classes with images first.';
  const filledCount = filledClassCount(dataset);
  if (filledCount === 0) return 'Add images to at least two classes first.';
  return filledCount === 1 ? 'Only one class has images. Add images to a second class.' : null;
}
