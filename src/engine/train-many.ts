import { isAbortError } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { TrainEvent, TrainingRows } from './contract.ts';
import type { ManyCandidate, TrainedCandidate } from './contract-measuring.ts';
import { trainAnyHead } from './heads/train-any-head.ts';
import type { TrainOptions } from './train.ts';

interface TrainManyOptions extends Omit<TrainOptions, 'settings' | 'emit'> {
  readonly candidates: readonly ManyCandidate[];
  readonly emit: (candidate: TrainedCandidate) => void;
}

/**
 * Trains candidates one after another. Stop throws the one under way away: half of it would not compare with the others.
 * @returns how many ended.
 */
export async function trainMany({ candidates, emit, ...options }: TrainManyOptions): Promise<number> {
  for (const [index, candidate] of candidates.entries()) {
    const figures = await trainOne(candidate, options);
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
  options: Omit<TrainOptions, 'settings' | 'emit'>,
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
    const rows = trainRows === null ? options.rows : withTrainRows(options.rows, new Set(trainRows));
    const emit = ({ epoch }: TrainEvent) => epochs.push(epoch);
    const { bestEpochIndex, end } = await trainAnyHead({ ...options, rows, settings, emit });
    return end === 'stopped-by-user' ? null : figures(epochs[bestEpochIndex], null);
  } catch (error) {
    if (isAbortError(error) || !(error instanceof RemoteError) || error.code !== 'training-diverged') throw error;
    return figures(undefined, error.code);
  }
}

/** Training rows that are not wanted go to the test part, which training never looks at. */
function withTrainRows({ parts, ...rows }: TrainingRows, wanted: ReadonlySet<number>): TrainingRows {
  return { ...rows, parts: parts.map((part, row) => (part === 'train' && !wanted.has(row) ? 'test' : part)) };
}
