import { type BackboneRef, isStoredBackbone } from './backbone.ts';
import { hasNoModel, type Run } from './run.ts';

/** What decides whether a run can be gone on from. */
export interface RunSituation {
  /** The network in use; null while none is loaded. */
  readonly backbone: BackboneRef | null;
  /** What is under way and does not let a training begin, in sentences; null when nothing is. */
  readonly inTheWay: string | null;
}

/** Why a run's model cannot be trained further now, as one sentence; null when it can. */
export function whyNotContinue(run: Run, situation: RunSituation): string | null {
  if (hasNoModel(run)) return 'It has no single model to go on from.';
  if (run.settings.head === 'neighbours')
    return 'Its head is the training images themselves, so there is nothing to train further. Train a new run instead.';
  return whyNotNow(run, situation);
}

/** Why a run cannot be made again with its settings now, as one sentence; null when it can. */
export function whyNotRetrain(run: Run, situation: RunSituation): string | null {
  if (run.kind === 'opened') return 'It was not trained here, so its settings are not known.';
  if (run.kind === 'cross-validation' || run.kind === 'search') return 'It is not one training but many.';
  return whyNotNow(run, situation);
}

/** Why no network can learn from a run now, as one sentence; null when one can. */
export function whyNotTeach({ kind, settings }: Run, { inTheWay }: Pick<RunSituation, 'inTheWay'>): string | null {
  if (kind === 'opened') return 'It was not trained here, so there are no answers of it to learn from.';
  if (settings.head === 'neighbours' && kind !== 'cross-validation')
    return 'It finds each training image itself, so its answers teach no more than the labels. A cross-validation of it does.';
  return inTheWay;
}

function whyNotNow(run: Run, { backbone, inTheWay }: RunSituation): string | null {
  if (inTheWay !== null) return inTheWay;
  if (backbone === null) return 'No network is loaded yet.';
  return isStoredBackbone(run.backbone, backbone)
    ? null
    : `It was trained on ${run.backbone.name}. Load that network first.`;
}
