import { isShown, mcNemar } from './metrics/mcnemar.ts';
import { percentOf } from './percent.ts';
import type { Run } from './run.ts';

/** The run whose model was in use when another was kept, and how the two did on the test images of both. */
export interface PriorRun {
  readonly runId: string;
  /** Test images of both runs with the same true class; 0 where there are none. */
  readonly sharedCount: number;
  /** Shared images that only the later run got right. */
  readonly onlyThisCount: number;
  /** Shared images that only the prior run got right. */
  readonly onlyPriorCount: number;
}

/** A run, as far as it matters here. */
type ScoredRun = Pick<Run, 'name' | 'scores'>;

/** A notice in two parts. */
interface WorseWords {
  readonly title: string;
  readonly detail: string;
}

/**
 * Says that a run did worse than the one it was kept beside: on the test images of both, or, without any, by scores that
 * are of different images. Null where it did not.
 */
export function worseThanPrior(prior: PriorRun, run: ScoredRun, priorRun: ScoredRun): WorseWords | null {
  const { sharedCount, onlyThisCount, onlyPriorCount } = prior;
  if (sharedCount === 0) return lowerScore(run, priorRun);
  const fewerCount = onlyPriorCount - onlyThisCount;
  if (fewerCount <= 0) return null;
  const isClear = isShown(mcNemar(onlyThisCount, onlyPriorCount));
  return {
    title: `${fewerCount} fewer right than ${priorRun.name}`,
    detail: `Of the same ${images(sharedCount)}; ${isClear ? 'more than chance explains' : 'so small a difference may be chance'}. ${priorRun.name} was in use before.`,
  };
}

/** How a run did beside the one in use, whichever was better. Null without test images of both. */
export function besidePriorText(prior: PriorRun, priorName: string): string | null {
  const { sharedCount, onlyThisCount, onlyPriorCount } = prior;
  if (sharedCount === 0) return null;
  const moreCount = onlyThisCount - onlyPriorCount;
  if (moreCount === 0) return `It gets as many of the same ${images(sharedCount)} right as ${priorName}.`;
  const difference = `It gets ${Math.abs(moreCount)} ${moreCount > 0 ? 'more' : 'fewer'} of the same ${images(sharedCount)} right than ${priorName}`;
  const isClear = isShown(mcNemar(onlyThisCount, onlyPriorCount));
  return isClear ? `${difference}.` : `${difference}, which may be chance.`;
}

function images(count: number): string {
  return count === 1 ? 'test image' : `${count.toLocaleString('en')} test images`;
}

function lowerScore({ scores }: ScoredRun, prior: ScoredRun): WorseWords | null {
  const [now, before] = [scores.testAccuracyRatio, prior.scores.testAccuracyRatio];
  if (now === null || before === null || now >= before) return null;
  return {
    title: `A lower test score than ${prior.name}, which had ${percentOf(before, 1)}`,
    detail: 'The two were tested on different images, so the scores cannot be compared.',
  };
}
