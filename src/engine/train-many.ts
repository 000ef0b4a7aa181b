import { isAbortError } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { TrainEvent, TrainingRows, TrainOutput } from './contract.ts';
import type { ManyCandidate, TrainedCandidate, TrialEpoch } from './contract-measuring.ts';
import type { FineTuneOptions } from './fine-tune/train-fine-tuned.ts';
import type { TrainOptions } from './train.ts';
import type { Judgement } from './training/judgement.ts';
import { endedEarly, tellOfEpochs } from './trial-epochs.ts';

/** What one candidate is trained with. */
type CandidateOptions = TrainOptions & Pick<FineTuneOptions, 'onStages'>;

/** What all candidates share. */
interface Shared extends Omit<TrainOptions, 'settings' | 'emit' | 'viewCount'> {
  /** Trains a candidate: its head, and stages where its settings ask for them. */
  readonly train: (options: CandidateOptions) => Promise<TrainOutput>;
  /** Judges what was trained on the validation part, in place of what training said of its best epoch; null for that. */
  readonly judge: ((output: TrainOutput) => Promise<Pick<Judgement, 'loss' | 'accuracyRatio'>>) | null;
  readonly emit: (event: TrainedCandidate | TrialEpoch) => void;
}

interface TrainManyOptions extends Shared {
  /** Changed views of every training image, whose features lie behind those of all rows; see `rowsToTrainOn`. */
  readonly viewCount: number;
  readonly candidates: readonly ManyCandidate[];
}

/**
 * Trains candidates one after another. Stop throws the one under way away: half of it would not compare with the others.
 * @returns how many ended.
 */
export async function trainMany({ candidates, viewCount, ...options }: TrainManyOptions): Promise<number> {
  const laidOut = layOut(options.rows, viewCount);
  for (const [index, candidate] of candidates.entries()) {
    const figures = await trainOne(index, candidate, laidOut, options);
    if (figures === null) return index;
    options.emit({ index, ...figures });
    await options.yieldToEvents();
    options.signal.throwIfAborted();
  }
  return candidates.length;
}

/** @returns null when it was stopped. */
async function trainOne(
  index: number,
  { settings, trainRows }: ManyCandidate,
  laidOut: LaidOutRows,
  { train, judge, emit: tell, ...options }: Shared,
): Promise<Omit<TrainedCandidate, 'index'> | null> {
  const epochs: TrainEvent['epoch'][] = [];
  const startedMs = options.now();
  const spent = () => ({ epochCount: epochs.length, elapsedMs: options.now() - startedMs });
  if (options.stopRequested()) return null;
  try {
    const rows = trainRows === null ? laidOut.rows : withTrainRows(laidOut, new Set(trainRows));
    const telling = tellOfEpochs(index, settings, tell);
    const emit = (event: TrainEvent) => {
      epochs.push(event.epoch);
      telling.emit(event);
    };
    const output = await train({ ...options, rows, settings, emit, onStages: telling.onStages });
    if (endedEarly(output, settings)) return null;
    const stagesKept = output.guard?.kept ?? null;
    const judged = judge === null || output.learntFromValidation ? output.keptScores : await judge(output);
    const best = epochs[output.bestEpochIndex];
    return {
      validationLoss: judged?.loss ?? best?.validationLoss ?? null,
      validationAccuracyRatio: judged?.accuracyRatio ?? best?.validationAccuracyRatio ?? null,
      ...spent(),
      stagesKept,
      failure: null,
    };
  } catch (error) {
    if (isAbortError(error) || !(error instanceof RemoteError) || error.code !== 'training-diverged') throw error;
    const nothing = { validationLoss: null, validationAccuracyRatio: null, stagesKept: null };
    return { ...nothing, ...spent(), failure: error.code };
  }
}

/** Rows with one entry for every row of the features. */
interface LaidOutRows {
  readonly rows: TrainingRows;
  /** Position of the row that an entry is, or is a view of. */
  readonly imageRows: readonly number[];
}

/** Makes every view a training row of its own, so that a candidate can do without some images and their views. */
function layOut({ hashes, classIndices, parts, groupIds }: TrainingRows, viewCount: number): LaidOutRows {
  const trainRows = parts.flatMap((part, row) => (part === 'train' ? [row] : []));
  const views = Array.from({ length: viewCount }, () => trainRows).flat();
  const imageRows = [...parts.keys(), ...views];
  const rows = {
    hashes: imageRows.map((row) => hashes[row] ?? ''),
    classIndices: imageRows.map((row) => classIndices[row] ?? 0),
    parts: imageRows.map((row) => parts[row] ?? 'train'),
    groupIds: imageRows.map((row) => groupIds?.[row] ?? hashes[row] ?? ''),
  };
  return { rows, imageRows };
}

/** Training images that are not wanted go to the test part with their views: training never looks at it. */
function withTrainRows({ rows, imageRows }: LaidOutRows, wanted: ReadonlySet<number>): TrainingRows {
  const isWanted = (row: number) => wanted.has(imageRows[row] ?? row);
  return { ...rows, parts: rows.parts.map((part, row) => (part === 'train' && !isWanted(row) ? 'test' : part)) };
}
