import type { Dataset } from '../../domain/dataset.ts';
import type { AppState } from '../../state/app-state.ts';

type Facts = Pick<AppState, 'engine' | 'backbones' | 'project' | 'import' | 'comparing'>;

/** Images of every class, by class index. */
function countByClass(dataset: Dataset): number[] {
  const indexById = new Map(dataset.classes.map((label, index) => [label.id, index]));
  const counts = dataset.classes.map(() => 0);
  for (const image of dataset.images.values()) {
    const index = indexById.get(image.classId);
    if (index !== undefined) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** Why training cannot start now, as one sentence with what to do; null when it can. */
export function whyNotTrain({ engine, backbones, project, import: importing, comparing }: Facts): string | null {
  if (project === null) return 'The project is still opening.';
  const dataReason = whyNotWithData(project.dataset);
  if (dataReason !== null) return dataReason;
  if (importing?.kind === 'reading') return 'Images are still being added. Training can start when they are in.';
  if (comparing !== null) return 'Networks are being compared. Training can start when that has ended, or is stopped.';
  if (engine.kind === 'starting') return 'The engine is starting; this takes a few seconds.';
  if (engine.kind === 'restarting') return 'The engine is starting again.';
  if (engine.kind === 'failed') return `The engine did not start: ${engine.message}`;
  if (backbones.current !== null) return null;
  return backbones.loading === null
    ? 'No network is loaded. Choose one at the top of the page.'
    : 'The network is being loaded.';
}

function whyNotWithData(dataset: Dataset): string | null {
  if (dataset.classes.length === 0) return 'Add at least two classes with images first.';
  const filledCount = countByClass(dataset).filter((count) => count > 0).length;
  if (filledCount === 0) return 'Add images to at least two classes first.';
  return filledCount === 1 ? 'Only one class has images. Add images to a second class.' : null;
}
