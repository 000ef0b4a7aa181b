import { type BackboneRef, isStoredBackbone } from './backbone.ts';
import { hasNoModel, type Run } from './run.ts';

/** What decides whether a run can be gone on from. */
export interface RunSituation {
  /** The network in use; null while none is loaded. */
  readonly backbone: BackboneRef | null;
  /** True while something is trained, compared or searched for. */
  readonly isBusy: boolean;
}

const BUSY = 'Something is being trained, compared or searched for. Wait until it has ended, or stop it.';

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
export function whyNotTeach({ kind, settings }: Run, { isBusy }: Pick<RunSituation, 'isBusy'>): string | null {
  if (kind === 'opened') return 'It was not trained here, so there are no answers of it to learn from.';
  if (settings.head === 'neighbours' && kind !== 'cross-validation')
    return 'It finds each training image itself, so its answers teach no more than the labels. A cross-validation of it does.';
  return isBusy ? BUSY : null;
}

function whyNotNow(run: Run, { backbone, isBusy }: RunSituation): string | null {
  if (isBusy) return BUSY;
  if (backbone === null) return 'No network is loaded yet.';
  return isStoredBackbone(run.backbone, backbone)
    ? null
    : `It was trained on ${run.backbone.name}. Load that network first.`;
}
