import type { ResizeMode } from './project.ts';

/** A network, or one of the two ways without one that show what a network's pretraining brings. */
export type CandidateKind = 'network' | 'pixels' | 'untrained';

/** What was measured of one candidate on this device and these photos. */
export interface Measured {
  readonly kind: 'measured';
  /** Numbers per image. */
  readonly featureLength: number;
  readonly parameterCount: number;
  readonly downloadBytes: number;
  /** Reading, folding and warming up, ms; neither the download nor the check after it. */
  readonly loadMs: number;
  /** Bytes of the tensors it keeps on the device between images. */
  readonly heldBytes: number;
  /** Median of a single image, ms. */
  readonly singleMs: number;
  /** Median per image in batches of `batchSize`, ms. */
  readonly batchMs: number;
  readonly batchSize: number;
  /** Training one quick head, ms; mean over the folds. */
  readonly headMs: number;
  /** One sign an image, in the order of the images: 1 right, 0 wrong, - the image could not be read. */
  readonly outcomes: string;
}

/** Why a candidate has no figures, in plain words. */
interface NotMeasured {
  readonly kind: 'failed';
  readonly reason: string;
}

export interface ComparisonRow {
  /** Id of the network; 'pixels' or 'untrained' for these. */
  readonly id: string;
  readonly name: string;
  readonly kind: CandidateKind;
  readonly result: Measured | NotMeasured;
}

/** What a comparison was made on. Rows of two comparisons on the same basis can stand side by side. */
export interface ComparisonBasis {
  readonly datasetFingerprint: string;
  readonly resizeMode: ResizeMode;
  readonly device: ComparedDevice;
  /** Images compared on, and how many there are in the training and validation parts. */
  readonly imageCount: number;
  readonly availableCount: number;
  readonly classCount: number;
  readonly foldCount: number;
}

interface ComparedDevice {
  readonly backend: string;
  readonly adapter: string;
  readonly threadCount: number;
}

/** Networks side by side, as a project keeps it. */
export interface Comparison extends ComparisonBasis {
  readonly endedAtMs: number;
  readonly rows: readonly ComparisonRow[];
}

/** A row that has figures. */
export interface MeasuredRow extends ComparisonRow {
  readonly result: Measured;
}

export function measuredRows(rows: readonly ComparisonRow[]): MeasuredRow[] {
  return rows.flatMap((row) => (row.result.kind === 'measured' ? [{ ...row, result: row.result }] : []));
}

/** True when both looked at the same images in the same way on the same device. */
export function isSameBasis(one: ComparisonBasis, other: ComparisonBasis): boolean {
  return (
    one.datasetFingerprint === other.datasetFingerprint &&
    one.resizeMode === other.resizeMode &&
    isSameDevice(one.device, other.device) &&
    one.imageCount === other.imageCount &&
    one.foldCount === other.foldCount
  );
}

/** True when times measured on one hold on the other. */
export function isSameDevice(one: ComparedDevice, other: ComparedDevice): boolean {
  return one.backend === other.backend && one.adapter === other.adapter && one.threadCount === other.threadCount;
}

/** Puts new rows beside those kept of an earlier comparison on the same basis; otherwise the new one replaces it. */
export function joinComparisons(earlier: Comparison | null, later: Comparison): Comparison {
  if (earlier === null || !isSameBasis(earlier, later)) return later;
  const fresh = new Map(later.rows.map((row) => [row.id, row]));
  const kept = earlier.rows.map((row) => {
    const other = fresh.get(row.id);
    fresh.delete(row.id);
    // A failure does not wipe out figures measured on the same basis.
    return other === undefined || (other.result.kind === 'failed' && row.result.kind === 'measured') ? row : other;
  });
  return { ...later, rows: [...kept, ...fresh.values()] };
}

/** What the choice between two candidates is about. */
export interface TradeOff {
  readonly id: string;
  readonly costMs: number;
  readonly accuracyRatio: number;
}

/**
 * The best trade-offs (Pareto front): no other is both as fast and as accurate, and better in one of the two. Of equal
 * ones all are in.
 * @returns their ids.
 */
export function bestTradeOffs(points: readonly TradeOff[]): ReadonlySet<string> {
  const beats = (one: TradeOff, other: TradeOff) =>
    one.costMs <= other.costMs &&
    one.accuracyRatio >= other.accuracyRatio &&
    (one.costMs < other.costMs || one.accuracyRatio > other.accuracyRatio);
  return new Set(points.filter((point) => !points.some((other) => beats(other, point))).map(({ id }) => id));
}
