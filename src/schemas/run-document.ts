import * as v from 'valibot';
import { usableAugmentation } from '../domain/augmentation-check.ts';
import { MAX_FOLDS } from '../domain/folds.ts';
import { HEAD_SETTINGS } from '../domain/head-settings.ts';
import { NO_HELD_OUT_EDITS } from '../domain/held-out-edits.ts';
import { NOTE_LENGTH, type Run } from '../domain/run.ts';
import { DEFAULT_SETTINGS, SETTINGS } from '../domain/settings.ts';
import { parseAs } from './checked.ts';
import {
  contentHash,
  count,
  finite,
  heldOutEdits,
  identity,
  numberOrNaN,
  partCounts,
  partRatios,
  ratio,
  text,
} from './fields.ts';
import { measuredSizes } from './measured-sizes.ts';
import { type Migration, migrate, type StoredDocument } from './migrate.ts';
import { classLabelSchema } from './project-document.ts';

const RUN_MIGRATIONS: readonly Migration[] = [
  // 2: what made the run is kept whole. Older runs do not know it.
  (run) => ({ ...run, automaticSettings: null, splitSeed: null }),
  // 3: kinds of runs, pins, notes, and what the model costs. A run without curves was a classifier opened from a file.
  (run) => ({
    ...run,
    kind: Array.isArray(run.curves) && run.curves.length === 0 ? 'opened' : 'head',
    pinned: false,
    note: '',
    continuedFromRunId: null,
    modelBytes: null,
    imageMs: null,
  }),
  // 4: cross-validation.
  (run) => ({ ...run, crossValidation: null }),
  // 5: going on from tuned stages. Before, a run had stages tuned only when its guard kept them.
  (run) => ({ ...run, ...guardAndStages(run) }),
];

function guardAndStages({ guard, settings }: StoredDocument): StoredDocument {
  if (!isDocument(guard)) return { guard: null, tunedStageCount: 0 };
  const { frozenAccuracyRatio: startAccuracyRatio, ...rest } = guard;
  const tunedStageCount = guard.kept === true && isDocument(settings) ? settings.fineTuneStages : 0;
  return { guard: { ...rest, start: 'pretrained', startAccuracyRatio }, tunedStageCount };
}

function isDocument(value: unknown): value is StoredDocument {
  return typeof value === 'object' && value !== null;
}

const RUN_VERSION = RUN_MIGRATIONS.length + 1;

const HEAD_KINDS = ['network', 'logistic', 'prototypes', 'neighbours'] as const;

const resolvedSettings = v.object({
  epochs: count,
  batchSize: count,
  learningRate: finite,
  optimizer: v.picklist(['adam', 'sgd', 'rmsprop']),
  // Folds of a cross-validation choose by themselves: only there is it left to them.
  head: v.optional(v.picklist(['auto', ...HEAD_KINDS]), 'network'),
  hiddenUnits: count,
  secondHiddenUnits: v.optional(count, 0),
  folds: v.optional(count, HEAD_SETTINGS.folds.default),
  dropout: ratio,
  l2: finite,
  labelSmoothing: ratio,
  classWeights: v.picklist(['none', 'balanced']),
  warmupRatio: ratio,
  cosineDecay: v.boolean(),
  patience: count,
  seed: finite,
  augment: v.optional(v.pipe(v.unknown(), v.transform(usableAugmentation)), 'off'),
  augmentViews: v.optional(count, DEFAULT_SETTINGS.augmentViews),
  mixup: v.optional(finite, 0),
  testTimeViews: v.optional(count, 0),
  // Older runs trained no stage.
  fineTuneStages: v.optional(count, 0),
  fineTuneRate: v.optional(finite, DEFAULT_SETTINGS.fineTuneRate),
  fineTuneEpochs: v.optional(count, DEFAULT_SETTINGS.fineTuneEpochs),
  stageRateDecay: v.optional(ratio, DEFAULT_SETTINGS.stageRateDecay),
});

const epochRecord = v.object({
  epochIndex: count,
  trainLoss: numberOrNaN,
  trainAccuracyRatio: numberOrNaN,
  validationLoss: v.nullable(numberOrNaN),
  validationAccuracyRatio: v.nullable(numberOrNaN),
  recallRatios: v.array(numberOrNaN),
  learningRate: finite,
  elapsedMs: finite,
  phase: v.optional(v.picklist(['head', 'fine-tune']), 'head'),
});

const foldScores = v.object({
  imageCount: count,
  accuracyRatio: finite,
  macroPrecisionRatio: finite,
  macroRecallRatio: finite,
  macroF1Ratio: finite,
  precisionRatios: v.array(numberOrNaN),
  recallRatios: v.array(numberOrNaN),
  f1Ratios: v.array(numberOrNaN),
  // Older ones trained no stage.
  stagesKept: v.optional(v.nullable(v.boolean()), null),
  chosenHead: v.optional(v.nullable(v.picklist(HEAD_KINDS)), null),
});

const crossValidation = v.object({
  foldCount: count,
  folds: v.pipe(v.array(foldScores), v.maxLength(MAX_FOLDS)),
});

const classifierChoice = v.object({
  chosen: v.picklist(HEAD_KINDS),
  candidates: v.pipe(
    v.array(
      v.object({
        head: v.picklist(HEAD_KINDS),
        validationLoss: v.nullable(finite),
        standardError: v.nullable(finite),
        lossGap: v.nullable(finite),
        gapStandardError: v.nullable(finite),
      }),
    ),
    v.maxLength(HEAD_KINDS.length),
  ),
  comparedOn: v.picklist(['validation', 'cross-validation']),
  imageCount: count,
  curvesOf: v.picklist(HEAD_KINDS),
});

const baselineScore = v.nullable(
  v.object({ imageCount: count, correctCount: count, onlyModelCount: count, onlyBaselineCount: count }),
);

const runSchema = v.object({
  schemaVersion: v.literal(RUN_VERSION),
  id: identity,
  projectId: identity,
  kind: v.picklist(['head', 'fine-tune', 'cross-validation', 'search', 'opened']),
  name: text(200),
  pinned: v.boolean(),
  note: text(NOTE_LENGTH),
  continuedFromRunId: v.nullable(identity),
  startedAtMs: finite,
  end: v.picklist(['all-epochs', 'early-stopping', 'stopped-by-user', 'converged', 'step-limit']),
  settings: resolvedSettings,
  automaticSettings: v.nullable(v.array(v.picklist(SETTINGS.map(({ key }) => key)))),
  backbone: v.object({
    id: identity,
    name: text(200),
    featureLength: count,
    sha256: v.optional(v.nullable(contentHash), null),
  }),
  backend: text(50),
  resizeMode: v.picklist(['crop', 'squash', 'pad']),
  classes: v.pipe(v.array(classLabelSchema), v.maxLength(10_000)),
  partCounts,
  splitRatios: partRatios,
  splitSeed: v.nullable(finite),
  curves: v.pipe(v.array(epochRecord), v.maxLength(100_000)),
  bestEpochIndex: count,
  scores: v.object({
    testCount: count,
    testIndependentCount: v.exactOptional(finite),
    testAccuracyRatio: v.nullable(finite),
    testMacroF1Ratio: v.nullable(finite),
    validationAccuracyRatio: v.nullable(finite),
  }),
  seconds: v.object({ features: finite, training: finite, evaluation: finite }),
  modelBytes: v.nullable(count),
  imageMs: v.nullable(finite),
  tunedStageCount: count,
  guard: v.nullable(
    v.object({
      start: v.picklist(['pretrained', 'run', 'stages-of-run']),
      kept: v.boolean(),
      imageCount: count,
      lossGain: finite,
      standardError: finite,
      startAccuracyRatio: ratio,
      tunedAccuracyRatio: ratio,
    }),
  ),
  // Older runs were not set beside class averages.
  beforeTraining: v.optional(v.nullable(v.object({ validation: baselineScore, test: baselineScore })), null),
  // Older runs had a head of the kind their settings name.
  classifier: v.optional(v.nullable(classifierChoice), null),
  fallback: v.optional(v.nullable(v.picklist(['class-means', 'class-prior'])), null),
  // Older runs knew no groups.
  groups: v.optional(
    v.nullable(v.object({ groupCount: count, groupedImageCount: count, straddlingCount: count })),
    null,
  ),
  crossValidation: v.nullable(crossValidation),
  // Older runs did not keep them.
  measuredSizes: v.optional(measuredSizes, null),
  // Older runs kept no counts, and learnt no class that they had no training image of.
  classParts: v.optional(v.nullable(v.pipe(v.array(partCounts), v.maxLength(10_000))), null),
  leftOut: v.optional(v.pipe(v.array(v.object({ name: text(200), imageCount: count })), v.maxLength(10_000)), []),
  heldOutEdits: v.optional(heldOutEdits, NO_HELD_OUT_EDITS),
  // Older runs were not compared with the run in use.
  prior: v.optional(
    v.nullable(v.object({ runId: identity, sharedCount: count, onlyThisCount: count, onlyPriorCount: count })),
    null,
  ),
  datasetFingerprint: text(200),
});

/** A run with the version it was written in. */
export type RunDocument = Run & { readonly schemaVersion: number };

export function runDocument(run: Run): RunDocument {
  return { ...run, schemaVersion: RUN_VERSION };
}

/** @throws CodedError 'file-unreadable' */
export function readRun(raw: unknown): Run {
  const { schemaVersion: _, ...run } = parseAs(runSchema, migrate(raw, RUN_MIGRATIONS, 'run'), 'run');
  return run;
}
