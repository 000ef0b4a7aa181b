import { isAbortError } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { TrainEvent, TrainingRows } from './contract.ts';
import type { ManyCandidate, TrainedCandidate } from './contract-measuring.ts';
import { trainAnyHead } from './heads/train-any-head.ts';
import type { TrainOptions } from './train.ts';

/** What all candidates share. */
type Shared = Omit<TrainOptions, 'settings' | 'emit' | 'viewCount'>;

interface TrainManyOptions extends Shared {
  /** Changed views of every training image, whose features lie behind those of all rows; see `rowsToTrainOn`. */
  readonly viewCount: number;
  readonly candidates: readonly ManyCandidate[];
  readonly emit: (candidate: TrainedCandidate) => void;
}

/**
 * Trains candidates one after another. Stop throws the one under way away: half of it would not compare with the others.
 * @returns how many ended.
 */
export async function trainMany({ candidates, viewCount, emit, ...options }: TrainManyOptions): Promise<number> {
  const laidOut = layOut(options.rows, viewCount);
  for (const [index, candidate] of candidates.entries()) {
    const figures = await trainOne(candidate, laidOut, options);
    if (figures === null) return index;
    emit({ index, ...figures });
    await options.yieldToEvents();
    options.signal.throwIfAborted();
  }
  return candidates.length;
}

/** @returns null when it was stopped. */
async function trainOne(
  { settings, trainRows }: ManyCandidate,
  laidOut: LaidOutRows,
  options: Shared,
): Promise<Omit<TrainedCandidate, 'index'> | null> {
  const epochs: TrainEvent['epoch'][] = [];
  const startedMs = options.now();
  const figures = (epoch: TrainEvent['epoch'] | undefined, failure: string | null) => ({
    validationLoss: epoch?.validationLoss ?? null,
    validationAccuracyRatio: epoch?.validationAccuracyRatio ?? null,
    epochCount: epochs.length,
    elapsedMs: options.now() - startedMs,
    failure,
  });
  if (options.stopRequested()) return null;
  try {
    const rows = trainRows === null ? laidOut.rows : withTrainRows(laidOut, new Set(trainRows));
    const emit = ({ epoch }: TrainEvent) => epochs.push(epoch);
    const { bestEpochIndex, end } = await trainAnyHead({ ...options, rows, settings, emit });
    return end === 'stopped-by-user' ? null : figures(epochs[bestEpochIndex], null);
  } catch (error) {
    if (isAbortError(error) || !(error instanceof RemoteError) || error.code !== 'training-diverged') throw error;
    return figures(undefined, error.code);
  }
}

/** Rows with one entry for every row of the features. */
interface LaidOutRows {
  readonly rows: TrainingRows;
  /** Position of the row that an entry is, or is a view of. */
  readonly imageRows: readonly number[];
}

/** Makes every view a training row of its own, so that a candidate can do without some images and their views. */
function layOut({ hashes, classIndices, parts }: TrainingRows, viewCount: number): LaidOutRows {
  const trainRows = parts.flatMap((part, row) => (part === 'train' ? [row] : []));
  const views = Array.from({ length: viewCount }, () => trainRows).flat();
  const imageRows = [...parts.keys(), ...views];
  const rows = {
    hashes: imageRows.map((row) => hashes[row] ?? ''),
    classIndices: imageRows.map((row) => classIndices[row] ?? 0),
    parts: imageRows.map((row) => parts[row] ?? 'train'),
  };
  return { rows, imageRows };
}

/** Training images that are not wanted go to the test part with their views: training never looks at it. */
function withTrainRows({ rows, imageRows }: LaidOutRows, wanted: ReadonlySet<number>): TrainingRows {
  const isWanted = (row: number) => wanted.has(imageRows[row] ?? row);
  return { ...rows, parts: rows.parts.map((part, row) => (part === 'train' && !isWanted(row) ? 'test' : part)) };
}
