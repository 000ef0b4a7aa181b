import { type Comparison, isSameDevice } from '../../domain/comparison.ts';
import { datasetFingerprint } from '../../domain/fingerprint.ts';
import type { AppState } from '../../state/app-state.ts';
import { jobInTheWay } from '../../state/job-rules.ts';
import { loadingOf } from '../../state/job-selectors.ts';

type Facts = Pick<AppState, 'project' | 'engine'>;

/** Why the figures kept are not those of now, as one sentence; null when they are, or nothing is kept. */
export function whyOutOfDate(comparison: Comparison | null, { project, engine }: Facts): string | null {
  if (comparison === null || project === null) return null;
  if (comparison.resizeMode !== project.resizeMode) return 'Images are made square in another way since.';
  if (datasetFingerprint(project.dataset, project.split) !== comparison.datasetFingerprint) {
    return 'Images, labels or the split have changed since.';
  }
  if (engine.kind === 'ready' && !isSameDevice(comparison.device, engine.device)) {
    return 'It was made on another device or way to compute; the times are of that one.';
  }
  return null;
}

type BusyFacts = Pick<AppState, 'engine' | 'backbones' | 'jobs'>;

/** Why a comparison cannot start now although there are images; null when it can. */
export function whyNotCompareNow(facts: BusyFacts): string | null {
  const { engine, backbones, jobs } = facts;
  if (engine.kind === 'failed') return `The engine did not start: ${engine.message}`;
  if (engine.kind !== 'ready') return 'The engine is starting; this takes a few seconds.';
  const inTheWay = jobInTheWay('comparison', jobs);
  if (inTheWay !== null) return inTheWay;
  // One that is fetched beside the one in use is no reason to wait: a slow line may keep it for minutes.
  return loadingOf(facts) !== null && backbones.current === null ? 'A network is being loaded.' : null;
}
