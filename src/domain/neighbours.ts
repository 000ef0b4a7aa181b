import { viewPlanOf } from './augmented-view.ts';
import type { HeadWeights } from './head.ts';
import type { Run } from './run.ts';

/** Rows that a head of nearest neighbours keeps at most: with 1,280 features each they take 10 MB of a download. */
export const MOST_NEIGHBOURS = 2000;

/** What somebody who shares such a model should know, as sentences. */
export const NEIGHBOURS_PRIVACY =
  'Features are numbers computed from an image, not its pixels, but something of the image can be worked out of them: share the model only with those who might see the images.';

/** True for a head of nearest neighbours: its first layer holds the features of training images, one output for each. */
export function holdsNeighbours({ layers }: HeadWeights): boolean {
  return layers.length > 1 && layers[0]?.activation === 'softmax';
}

type Described = Pick<Run, 'settings' | 'partCounts' | 'kind'>;

/** How much of the training images is in a model of nearest neighbours, as a sentence; null for other runs. */
export function keptImagesText({ settings, partCounts, kind }: Described): string | null {
  if (settings.head !== 'neighbours' || kind === 'cross-validation') return null;
  const viewCount = viewPlanOf(settings, settings.augmentViews)?.viewCount ?? 0;
  const rowCount = partCounts.train * (viewCount + 1);
  const what = viewCount === 0 ? 'training images' : 'training images and changed views of them';
  if (rowCount <= MOST_NEIGHBOURS) return `Features of all ${countText(rowCount)} ${what} are in the model.`;
  return `Features of ${countText(MOST_NEIGHBOURS)} of the ${countText(rowCount)} ${what} are in the model, each class by its share.`;
}

function countText(count: number): string {
  return count.toLocaleString('en');
}
