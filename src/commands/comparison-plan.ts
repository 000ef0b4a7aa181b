import type { CandidateKind, ComparisonBasis } from '../domain/comparison.ts';
import { estimatedSeconds } from '../domain/comparison-cost.ts';
import {
  type ComparedImages,
  chooseComparedImages,
  DEFAULT_IMAGE_LIMIT,
  MAX_IMAGE_LIMIT,
  whyTooFewToCompare,
} from '../domain/comparison-images.ts';
import { comparableNetworks, knownSpeeds, networksAtHand } from '../domain/comparison-networks.ts';
import { datasetFingerprint } from '../domain/fingerprint.ts';
import type { Project } from '../domain/project.ts';
import type { Candidate } from '../engine/contract-measuring.ts';
import type { AppState } from '../state/app-state.ts';
import type { CompareOptions } from './commands.ts';
import { dataObstacle, obstacleText } from './training-obstacle.ts';

/** One row to be. */
export interface PlannedCandidate {
  readonly id: string;
  readonly name: string;
  readonly kind: CandidateKind;
  readonly candidate: Candidate;
  /** Roughly; null when it cannot be guessed. */
  readonly seconds: number | null;
}

/** A comparison fixed at its start: edits made meanwhile belong to the next one. */
export interface ComparisonPlan {
  readonly project: Project;
  readonly images: ComparedImages;
  readonly basis: ComparisonBasis;
  readonly candidates: readonly PlannedCandidate[];
}

/** @returns why nothing can be compared now, or the plan. */
export function planComparison(state: AppState, options: CompareOptions): ComparisonPlan | string {
  const { project, engine, backbones } = state;
  if (project === null || engine.kind !== 'ready') return 'The engine or the project is not ready yet. Wait a moment.';
  const obstacle = dataObstacle(project, 'all-images');
  if (obstacle !== null) return obstacleText(obstacle);
  const limit = Math.min(MAX_IMAGE_LIMIT, Math.max(1, Math.floor(options.imageLimit ?? DEFAULT_IMAGE_LIMIT)));
  const images = chooseComparedImages(project, limit);
  const tooFew = whyTooFewToCompare(images);
  if (tooFew !== null) return tooFew;
  const wanted =
    options.ids ?? networksAtHand(backbones.entries, backbones.cachedIds).map(({ manifest }) => manifest.id);
  const unknown = wanted.find(
    (id) => !comparableNetworks(backbones.entries).some(({ manifest }) => manifest.id === id),
  );
  if (unknown !== undefined) return `There is no network “${unknown}”.`;
  const candidates = [
    ...(options.baselines === false ? [] : baselines(state)),
    ...networks(state, new Set(wanted), images.items.length),
  ];
  if (candidates.length === 0) return 'Choose at least one network to compare.';
  const { backend, adapter, threadCount } = engine.device;
  const basis = {
    datasetFingerprint: datasetFingerprint(project.dataset, project.split),
    resizeMode: project.resizeMode,
    device: { backend, adapter, threadCount },
    imageCount: images.items.length,
    availableCount: images.availableCount,
    classCount: images.classCount,
    foldCount: images.foldCount,
  };
  return { project, images, basis, candidates };
}

/** The untrained one is the smallest network at hand. */
function baselines({ backbones }: AppState): PlannedCandidate[] {
  const pixels = { id: 'pixels', name: 'Raw pixels', kind: 'pixels', candidate: { kind: 'pixels' } } as const;
  const [base] = networksAtHand(backbones.entries, backbones.cachedIds);
  if (base === undefined) return [{ ...pixels, seconds: null }];
  const name = `Untrained ${base.manifest.name}`;
  const untrained = { id: 'untrained', name, kind: 'untrained', candidate: { kind: 'untrained', base } } as const;
  return [
    { ...pixels, seconds: null },
    { ...untrained, seconds: null },
  ];
}

function networks(
  { project, engine, backbones }: AppState,
  wanted: ReadonlySet<string>,
  imageCount: number,
): PlannedCandidate[] {
  const backend = engine.kind === 'ready' ? engine.device.backend : '';
  const speeds = knownSpeeds(project?.comparison ?? null, backend, backbones.entries, backbones.current);
  return comparableNetworks(backbones.entries)
    .filter(({ manifest }) => wanted.has(manifest.id))
    .map((entry) => ({
      id: entry.manifest.id,
      name: entry.manifest.name,
      kind: 'network',
      candidate: { kind: 'network', entry },
      seconds: estimatedSeconds(entry.manifest, imageCount, speeds),
    }));
}
