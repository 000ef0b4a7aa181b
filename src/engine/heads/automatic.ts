import { type CandidateLosses, type ClassifierChoice, chooseClassifier } from '../../domain/classifier-choice.ts';
import type { Part } from '../../domain/dataset.ts';
import type { HeadWeights } from '../../domain/head.ts';
import { AUTO_HIDDEN_UNITS, type HeadKind, HIDDEN_LAYER_FROM_IMAGES } from '../../domain/head-settings.ts';
import { DEFAULT_SETTINGS, type ResolvedSettings } from '../../domain/settings.ts';
import { isAbortError } from '../../rpc/abort-error.ts';
import { RemoteError } from '../../rpc/remote-error.ts';
import type { TrainEvent, TrainOutput } from '../contract.ts';
import { paced, type TrainOptions, trainHead } from '../train.ts';
import { judgementOfProbabilities } from '../training/judgement.ts';
import { classWeightsOf } from '../training/labels.ts';
import { type PartRows, rowsToTrainOn } from '../training/rows-by-part.ts';
import { type FoldedRows, foldRows } from './folded-rows.ts';
import { choosePenalty } from './penalty-path.ts';
import { fitPrototypes } from './prototypes.ts';
import { lossesOf, predictRows } from './row-losses.ts';
import { trainLogistic } from './train-logistic.ts';
import { trainPrototypes } from './train-prototypes.ts';

/** A smaller validation part is too small to choose by: then folds of training and validation images are. */
const FEWEST_VALIDATION_IMAGES = 30;

/** What Automatic trains its network with, whatever the form says of one. */
const NETWORK_SETTINGS = {
  head: 'network',
  epochs: DEFAULT_SETTINGS.epochs,
  batchSize: DEFAULT_SETTINGS.batchSize,
  learningRate: DEFAULT_SETTINGS.learningRate,
  optimizer: DEFAULT_SETTINGS.optimizer,
  hiddenUnits: AUTO_HIDDEN_UNITS,
  secondHiddenUnits: 0,
  dropout: DEFAULT_SETTINGS.dropout,
  l2: DEFAULT_SETTINGS.l2,
  labelSmoothing: 0,
  warmupRatio: DEFAULT_SETTINGS.warmupRatio,
  cosineDecay: DEFAULT_SETTINGS.cosineDecay,
  patience: DEFAULT_SETTINGS.patience,
  mixup: 0,
} as const satisfies Partial<ResolvedSettings>;

/** In folds, enough images to compare on: larger projects without a validation part are not trained again and again. */
const ENOUGH_SCORED = 300;

/**
 * Of equals the first. Logistic regression and class means are both one dense layer; the first gains more from every image, and was
 * the better one in nearly all cells of `npm run bench recipe`.
 */
const PREFERENCE: readonly HeadKind[] = ['logistic', 'prototypes', 'network'];

/** Thrown to leave what is under way when the user stops: what is done is chosen from. */
class Stopped extends Error {}

/** What the candidates are compared on. */
interface Comparison {
  readonly options: TrainOptions;
  readonly train: PartRows;
  readonly validation: PartRows | null;
  readonly comparedOn: ClassifierChoice['comparedOn'];
  /** The rows to compare on where that is folds, and otherwise those that the penalty is chosen by; null with one image. */
  readonly folded: FoldedRows | null;
  /** Awaited again and again: lets messages in. @throws the signal's reason; `Stopped`. */
  readonly pause: () => Promise<void>;
}

/** A head of the choice. Losses are by validation row, or by entry of the folds with NaN where there is none. */
interface Candidate extends CandidateLosses {
  /** Those of the run where this head is chosen. */
  readonly settings: ResolvedSettings;
  readonly trained: () => Promise<Trained>;
  /** True where its events were told already. */
  readonly isLive: boolean;
}

interface Trained {
  readonly output: TrainOutput;
  /** Still to be told. */
  readonly events: readonly TrainEvent[];
}

/**
 * Automatic: class means, a logistic regression whose penalty is cross-validated, and with images enough a network, all on scaled
 * features. Keeps the one with the least loss on images it has not learnt from, and of equals the first of
 * `PREFERENCE`. The test part takes no part. Stop chooses among those that are done.
 *
 * Events are those of the network where one is trained on the way, else of the head chosen.
 *
 * @throws RemoteError 'too-few-images' without training rows; the signal's reason when it aborts.
 */
export async function trainAutomatic(options: TrainOptions): Promise<TrainOutput> {
  const startedMs = options.now();
  options.signal.throwIfAborted();
  const comparison = openComparison(options);
  const candidates: Candidate[] = [await measureMeans(comparison)];
  for (const measure of [measureLogistic, measureNetwork]) {
    const candidate = options.stopRequested() ? null : await unlessStopped(() => measure(comparison));
    if (candidate !== null) candidates.push(candidate);
  }
  const { choice, own } = choose(comparison, candidates);
  const live = candidates.find(({ isLive }) => isLive);
  const { output: first, events } = await own.trained();
  const output = await onAllImages(comparison, own, first);
  if (live === undefined) for (const event of events) options.emit(event);
  const curves = live === undefined ? first : await outputOf(live);
  return {
    ...output,
    end: options.stopRequested() ? 'stopped-by-user' : output.end,
    bestEpochIndex: curves?.bestEpochIndex ?? 0,
    elapsedMs: options.now() - startedMs,
    classifier: { ...choice, curvesOf: live?.head ?? own.head },
    settings: output.settings ?? own.settings,
    keptScores: curves === first || output.learntFromValidation ? null : await scoresOn(comparison, output.head),
  };
}

/**
 * Where folds chose, the validation part was too small to choose by and chose nothing: the head that is kept learns from it, too.
 * With five photos a class that is a fifth more of them. A network needs that part to choose its epoch by.
 */
async function onAllImages(comparison: Comparison, own: Candidate, first: TrainOutput): Promise<TrainOutput> {
  const { options, comparedOn, validation } = comparison;
  // Rows of augmented views stand in the order of the training part.
  const hasViews = (options.viewCount ?? 0) > 0;
  if (comparedOn !== 'cross-validation' || validation === null || own.head === 'network' || hasViews) return first;
  const { settings } = own;
  const parts = options.rows.parts.map((part): Part => (part === 'validation' ? 'train' : part));
  const fit = own.head === 'prototypes' ? trainPrototypes : trainLogistic;
  const { output } = await quietly(fit, { ...options, rows: { ...options.rows, parts }, settings });
  return { ...first, head: output.head, settings, learntFromValidation: true };
}

function openComparison(options: TrainOptions): Comparison {
  const { rows, viewCount = 0, settings, signal, stopRequested } = options;
  const { train, judge } = rowsToTrainOn(rows, viewCount);
  const validation = judge.part === 'validation' ? judge : null;
  const isLarge = validation !== null && validation.rowIndices.length >= FEWEST_VALIDATION_IMAGES;
  const letMessagesIn = paced(options);
  return {
    options,
    train,
    validation,
    comparedOn: isLarge ? 'validation' : 'cross-validation',
    folded: foldRows(rows, train, viewCount, isLarge ? null : validation, settings.seed),
    pause: async () => {
      await letMessagesIn();
      signal.throwIfAborted();
      if (stopRequested()) throw new Stopped();
    },
  };
}

async function unlessStopped(measure: () => Promise<Candidate | null>): Promise<Candidate | null> {
  try {
    return await measure();
  } catch (error) {
    if (error instanceof Stopped) return null;
    throw error;
  }
}

async function measureMeans(comparison: Comparison): Promise<Candidate> {
  const { options } = comparison;
  const { features, classCount } = options;
  const settings: ResolvedSettings = { ...options.settings, head: 'prototypes' };
  const trained = once(() => quietly(trainPrototypes, { ...options, settings }));
  const losses = await lossesBy(comparison, trained, async ({ rowIndices, classIndices }) => {
    await comparison.pause();
    return fitPrototypes(features, rowIndices, classIndices, classCount).head;
  }).catch((error) => {
    if (error instanceof Stopped) return null;
    throw error;
  });
  return { head: 'prototypes', losses, settings, trained, isLive: false };
}

async function measureLogistic(comparison: Comparison): Promise<Candidate | null> {
  const { options, folded, pause } = comparison;
  if (folded === null) return null;
  const { features, classCount, settings: asked } = options;
  const choice = await choosePenalty(features, folded, classCount, asked.classWeights, pause);
  const settings: ResolvedSettings = { ...asked, head: 'logistic', l2: choice.l2, labelSmoothing: 0 };
  const trained = once(() => quietly(trainLogistic, { ...options, settings }));
  const losses =
    comparison.comparedOn === 'cross-validation'
      ? choice.losses
      : await validationLosses(comparison, (await trained()).output.head);
  return { head: 'logistic', losses, settings, trained, isLive: false };
}

/** @returns null where a class has too few images for a network. */
async function measureNetwork(comparison: Comparison): Promise<Candidate | null> {
  const { options, comparedOn } = comparison;
  if (smallestClass(comparison) < HIDDEN_LAYER_FROM_IMAGES) return null;
  const settings: ResolvedSettings = { ...options.settings, ...NETWORK_SETTINGS };
  const isLive = comparedOn === 'validation';
  const trained = once(async () => {
    if (!isLive) return await quietly(trainHead, { ...options, settings });
    return { output: await trainHead({ ...options, settings }), events: [] };
  });
  const inFold = (learnt: PartRows) => trainOnRows(comparison, learnt, { ...settings, patience: 0 });
  try {
    const losses = await lossesBy(comparison, trained, inFold);
    return { head: 'network', losses, settings, trained, isLive };
  } catch (error) {
    if (isAbortError(error) || !(error instanceof RemoteError) || error.code !== 'training-diverged') throw error;
    return { head: 'network', losses: null, settings, trained, isLive };
  }
}

/** @returns null where its training failed. */
async function outputOf({ trained, losses }: Candidate): Promise<TrainOutput | null> {
  return losses === null ? null : (await trained()).output;
}

/** Trains now and tells later. A stop from before does not end it: what is chosen must be whole. */
async function quietly(
  train: (options: TrainOptions) => Promise<TrainOutput>,
  options: TrainOptions,
): Promise<Trained> {
  const events: TrainEvent[] = [];
  const stopRequested = options.stopRequested() ? () => false : options.stopRequested;
  const output = await train({ ...options, stopRequested, emit: (event) => events.push(event) });
  return { output, events };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** Losses on the validation part by the model of the run, or by models of the folds on what these had not seen. */
async function lossesBy(
  comparison: Comparison,
  trained: () => Promise<Trained>,
  trainOn: (learnt: PartRows) => Promise<HeadWeights>,
): Promise<Float64Array | null> {
  const { folded, comparedOn } = comparison;
  if (comparedOn === 'validation') return validationLosses(comparison, (await trained()).output.head);
  return folded === null ? null : foldLosses(comparison, folded, trainOn);
}

async function validationLosses({ options, validation }: Comparison, head: HeadWeights): Promise<Float64Array | null> {
  if (validation === null) return null;
  const probabilities = await predictRows(options.features, validation.rowIndices, head);
  return lossesOf(probabilities, validation.classIndices, options.classCount);
}

async function foldLosses(
  { options, pause }: Comparison,
  folded: FoldedRows,
  trainOn: (learnt: PartRows) => Promise<HeadWeights>,
): Promise<Float64Array> {
  const { features, classCount } = options;
  const losses = new Float64Array(folded.folds.length).fill(Number.NaN);
  const scoredCount = folded.isScored.filter(Boolean).length;
  const wantedFolds = Math.ceil((ENOUGH_SCORED * folded.foldCount) / Math.max(1, scoredCount));
  for (let fold = 0; fold < Math.min(folded.foldCount, wantedFolds); fold++) {
    const held = entriesWhere(folded, (entry) => folded.folds[entry] === fold && folded.isScored[entry] === true);
    const learnt = entriesWhere(folded, (entry) => folded.folds[entry] !== fold);
    if (held.length === 0 || learnt.length === 0) continue;
    await pause();
    const head = await trainOn(partOf(folded, learnt));
    const heldRows = partOf(folded, held);
    const probabilities = await predictRows(features, heldRows.rowIndices, head);
    lossesOf(probabilities, heldRows.classIndices, classCount).forEach((loss, index) => {
      losses[held[index] ?? 0] = loss;
    });
  }
  return losses;
}

function entriesWhere({ folds }: FoldedRows, wanted: (entry: number) => boolean): number[] {
  return Array.from(folds.keys()).filter(wanted);
}

function partOf({ rowIndices, classIndices }: FoldedRows, entries: readonly number[]): PartRows {
  return {
    part: 'train',
    rowIndices: Int32Array.from(entries, (entry) => rowIndices[entry] ?? 0),
    classIndices: Int32Array.from(entries, (entry) => classIndices[entry] ?? 0),
  };
}

/** A network that learns from these rows of the features alone; without images to choose an epoch by it runs them all. */
async function trainOnRows(
  { options, pause }: Comparison,
  { rowIndices, classIndices }: PartRows,
  settings: ResolvedSettings,
): Promise<HeadWeights> {
  const { features, classCount } = options;
  const all = new Array<number>(features.values.length / features.featureLength).fill(0);
  const rows = { hashes: [], classIndices: [...all], parts: all.map((): Part => 'test') };
  rowIndices.forEach((row, position) => {
    rows.parts[row] = 'train';
    rows.classIndices[row] = classIndices[position] ?? 0;
  });
  const { signal, now, yieldToEvents } = options;
  const quiet = { signal, now, yieldToEvents, stopRequested: options.stopRequested, emit: () => undefined };
  const { head } = await trainHead({ features, rows, classCount, settings, ...quiet });
  // A stop left this fold unfinished.
  await pause();
  return head;
}

function choose(
  comparison: Comparison,
  candidates: readonly Candidate[],
): { readonly choice: Omit<ClassifierChoice, 'curvesOf'>; readonly own: Candidate } {
  const { options, comparedOn, folded, train, validation } = comparison;
  const compared = comparedOn === 'validation' ? validation : folded;
  const measured = candidates.flatMap(({ losses }) => (losses === null ? [] : [losses]));
  const classIndices = compared?.classIndices ?? new Int32Array();
  const common = [...classIndices.keys()].filter((at) => measured.every((losses) => Number.isFinite(losses[at])));
  const pick = (losses: Float64Array | null) =>
    losses === null || common.length === 0 ? null : Float64Array.from(common, (at) => losses[at] ?? 0);
  const weights = classWeightsOf(train.classIndices, options.classCount, options.settings.classWeights);
  const inOrder = candidates.toSorted((one, other) => PREFERENCE.indexOf(one.head) - PREFERENCE.indexOf(other.head));
  const { chosen, candidates: described } = chooseClassifier(
    inOrder.map(({ head, losses }) => ({ head, losses: pick(losses) })),
    Float64Array.from(common, (at) => weights[classIndices[at] ?? 0] ?? 1),
  );
  const own = candidates.find(({ head }) => head === chosen);
  if (own === undefined) throw new Error('the head chosen is none of the candidates');
  return { choice: { chosen, candidates: described, comparedOn, imageCount: common.length }, own };
}

/** Scores of a head on the validation part; null where there is none. */
async function scoresOn({ options, validation }: Comparison, head: HeadWeights): Promise<TrainOutput['keptScores']> {
  if (validation === null) return null;
  const { features, classCount } = options;
  const probabilities = await predictRows(features, validation.rowIndices, head);
  const { loss, accuracyRatio } = judgementOfProbabilities(probabilities, validation.classIndices, classCount);
  return { loss, accuracyRatio };
}

/** Training images, without their views, of the class that has fewest. */
function smallestClass({ options, train }: Comparison): number {
  const counts = new Array<number>(options.classCount).fill(0);
  for (const own of train.classIndices) counts[own] = (counts[own] ?? 0) + 1;
  return Math.min(...counts) / ((options.viewCount ?? 0) + 1);
}
