import { bestTradeOffs, type ComparisonRow, type MeasuredRow, measuredRows } from './comparison.ts';
import { isShown, mcNemar, type PairedOutcome } from './metrics/mcnemar.ts';
import { type RatioInterval, wilsonInterval } from './metrics/wilson.ts';

/**
 * Accuracy over all folds, each image judged by a head that has not seen it, with its 95 % interval. Null without images.
 * @param outcomes see `Measured.outcomes`; images that could not be read do not count.
 */
export function outcomeAccuracy(outcomes: string): RatioInterval | null {
  const rightCount = countOf(outcomes, '1');
  return wilsonInterval(rightCount, rightCount + countOf(outcomes, '0'));
}

function countOf(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

/** Compares two rows image by image, over the images both could read. */
export function pairedOutcome(first: string, second: string): PairedOutcome {
  let onlyFirstCount = 0;
  let onlySecondCount = 0;
  for (let index = 0; index < Math.min(first.length, second.length); index++) {
    const pair = `${first[index]}${second[index]}`;
    if (pair === '10') onlyFirstCount += 1;
    if (pair === '01') onlySecondCount += 1;
  }
  return mcNemar(onlyFirstCount, onlySecondCount);
}

function isClearlyBetter(first: string, second: string): boolean {
  const outcome = pairedOutcome(first, second);
  return outcome.onlyFirstCount > outcome.onlySecondCount && isShown(outcome);
}

/** What a network's pretraining brings on these photos. */
export type Transfer =
  /** Clearly better than every baseline; `baselineName` is the best of them. */
  | ({ readonly kind: 'helps' } & BesideBaseline)
  /** Clearly worse than this baseline. */
  | ({ readonly kind: 'hurts' } & BesideBaseline)
  /** Neither clearly better nor clearly worse than this baseline: the images do not tell. */
  | ({ readonly kind: 'not-shown' } & BesideBaseline)
  /** No baseline was measured, or no image could be read. */
  | { readonly kind: 'unknown' };

/** A network beside one baseline. */
interface BesideBaseline {
  readonly baselineName: string;
  /** Difference in accuracy, -1 to 1. */
  readonly gainRatio: number;
  /** Images both could read. */
  readonly imageCount: number;
}

/**
 * Sets a network against raw pixels and the untrained network by McNemar's exact test on the same images, at 5 %: to help,
 * it has to be clearly better than each baseline there is; to hurt, clearly worse than one. Not corrected for the number of networks: that each one has
 * to beat both baselines makes up for most of it.
 */
export function transferOf(network: MeasuredRow, rows: readonly ComparisonRow[]): Transfer {
  const baselines = measuredRows(rows)
    .filter(({ kind }) => kind !== 'network')
    .sort((one, other) => ratioOf(other) - ratioOf(one));
  const [best] = baselines;
  if (best === undefined) return { kind: 'unknown' };
  const { outcomes } = network.result;
  const better = baselines.find(({ result }) => isClearlyBetter(result.outcomes, outcomes));
  const unbeaten = baselines.find(({ result }) => !isClearlyBetter(outcomes, result.outcomes));
  const other = better ?? unbeaten ?? best;
  const imageCount = sharedCount(outcomes, other.result.outcomes);
  if (imageCount === 0) return { kind: 'unknown' };
  const kind = better !== undefined ? 'hurts' : unbeaten !== undefined ? 'not-shown' : 'helps';
  return { kind, baselineName: other.name, gainRatio: ratioOf(network) - ratioOf(other), imageCount };
}

function sharedCount(first: string, second: string): number {
  return [...first].filter((sign, index) => sign !== '-' && (second[index] ?? '-') !== '-').length;
}

function ratioOf({ result }: MeasuredRow): number {
  return outcomeAccuracy(result.outcomes)?.ratio ?? 0;
}

/** The networks' best trade-offs between time per image in batches and accuracy. Baselines take no part: none can be used. */
export function bestNetworkIds(rows: readonly ComparisonRow[]): ReadonlySet<string> {
  const networks = measuredRows(rows).filter(({ kind }) => kind === 'network');
  return bestTradeOffs(
    networks.map((row) => ({ id: row.id, costMs: row.result.batchMs, accuracyRatio: ratioOf(row) })),
  );
}

/** The networks to look at first; null when no network was measured. */
export interface Recommendation {
  readonly mostAccurate: MeasuredRow;
  /** The fastest that is not clearly less accurate; may be the same. */
  readonly fastestAlike: MeasuredRow;
}

export function recommend(rows: readonly ComparisonRow[]): Recommendation | null {
  const networks = measuredRows(rows)
    .filter(({ kind }) => kind === 'network')
    .sort((one, other) => one.result.batchMs - other.result.batchMs);
  const [mostAccurate] = networks.toSorted((one, other) => ratioOf(other) - ratioOf(one));
  if (mostAccurate === undefined) return null;
  const alike = networks.find(({ result }) => !isClearlyBetter(mostAccurate.result.outcomes, result.outcomes));
  return { mostAccurate, fastestAlike: alike ?? mostAccurate };
}
