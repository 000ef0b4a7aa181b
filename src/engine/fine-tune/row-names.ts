import { type ViewPlan, viewPlanKey } from '../../domain/augmented-view.ts';
import type { ContentHash } from '../../domain/dataset.ts';
import type { TrainingRows } from '../contract.ts';
import type { EmbedTarget } from '../embed-images.ts';

/** Stands behind the hash in the name of a view; no hash contains it. */
const SEPARATOR = '+';

/** What all views of a plan have behind the hash in their names. */
function planPart(plan: Omit<ViewPlan, 'viewCount'>): string {
  return `${SEPARATOR}${viewPlanKey(plan)}/`;
}

/** Names what is kept of an image, or of one changed view of it. */
export function rowName(hash: ContentHash, view: EmbedTarget['view']): string {
  return view === null ? hash : `${hash}${planPart(view.plan)}${view.index}`;
}

/** The image that a row is of. */
export function hashOfRow(name: string): ContentHash {
  const end = name.indexOf(SEPARATOR);
  return end < 0 ? name : name.slice(0, end);
}

/** True for a changed view that the plan does not make. */
export function isViewOfAnother(name: string, plan: Omit<ViewPlan, 'viewCount'>): boolean {
  return name.includes(SEPARATOR) && !name.includes(planPart(plan));
}

/** The views of a plan, or the image as it is without one. */
export function viewsOf(plan: ViewPlan | null): readonly EmbedTarget['view'][] {
  return plan === null ? [null] : Array.from({ length: plan.viewCount }, (_, index) => ({ index, plan }));
}

/** Names of all rows of a run, in the order of `rowsToTrainOn`: the images, then the training images view by view. */
export function rowNamesOf({ hashes, parts }: TrainingRows, plan: ViewPlan | null): readonly string[] {
  if (plan === null) return hashes;
  const trainHashes = hashes.filter((_, row) => parts[row] === 'train');
  return [...hashes, ...viewsOf(plan).flatMap((view) => trainHashes.map((hash) => rowName(hash, view)))];
}
