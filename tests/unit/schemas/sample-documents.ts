import type { Project } from '../../../src/domain/project.ts';
import type { Run, RunArtifacts } from '../../../src/domain/run.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { DEFAULT_SPLIT } from '../../../src/domain/split.ts';
import { datasetOf, imageItem } from '../domain/dataset-arbitraries.ts';

const CLASSES = [
  { id: 'cat', name: 'Cat', colorIndex: 0 },
  { id: 'dog', name: 'Dog / hound', colorIndex: 1 },
];

export const PROJECT: Project = {
  id: 'p1',
  name: 'Pets',
  createdAtMs: 1,
  updatedAtMs: 2,
  dataset: datasetOf(CLASSES, [
    imageItem('a', 'cat', { hash: 'a'.repeat(64) }),
    imageItem('b', 'dog', { hash: 'b'.repeat(64), lockedPart: 'test' }),
  ]),
  settings: { ...DEFAULT_SETTINGS, epochs: 7 },
  split: DEFAULT_SPLIT,
  resizeMode: 'pad',
  network: { id: 'mobilenet-v2', name: 'MobileNet v2', sha256: 'c'.repeat(64) },
  currentRunId: 'r1',
  answersWhileAdding: true,
  search: {
    plan: {
      method: 'random',
      over: { learningRate: { min: 0.001, max: 0.1, scale: 'log' }, hiddenUnits: [0, 100], cosineDecay: [true] },
      runs: 2,
      minutes: null,
      seed: 42,
    },
    settings: DEFAULT_SETTINGS,
    candidates: [
      { learningRate: 0.01, hiddenUnits: 0, cosineDecay: true },
      { learningRate: 0.1, hiddenUnits: 100, cosineDecay: true },
    ],
    results: [
      {
        candidateIndex: 0,
        rung: 0,
        validationAccuracyRatio: 0.9,
        validationLoss: 0.4,
        epochCount: 12,
        elapsedMs: 120,
        stagesKept: true,
        failure: null,
      },
    ],
    basis: {
      datasetFingerprint: 'fingerprint',
      backboneId: 'tiny',
      backboneSha256: 'b'.repeat(64),
      resizeMode: 'crop',
    },
    startedAtMs: 5,
    elapsedMs: 120,
    runId: null,
  },
  comparison: {
    datasetFingerprint: '2-abc',
    resizeMode: 'pad',
    device: { backend: 'wasm', adapter: '', threadCount: 2 },
    imageCount: 4,
    availableCount: 9,
    classCount: 2,
    foldCount: 5,
    endedAtMs: 7,
    rows: [
      {
        id: 'mobilenet-v2',
        name: 'MobileNet v2',
        kind: 'network',
        result: {
          kind: 'measured',
          featureLength: 1280,
          parameterCount: 2_200_000,
          downloadBytes: 9_000_000,
          loadMs: 321.5,
          heldBytes: 8_800_000,
          singleMs: 41.5,
          batchMs: 30.25,
          batchSize: 16,
          headMs: 812,
          outcomes: '10-1',
        },
      },
      { id: 'away', name: 'Away', kind: 'network', result: { kind: 'failed', reason: 'It could not be downloaded.' } },
    ],
  },
};

export const RUN: Run = {
  id: 'r1',
  projectId: 'p1',
  kind: 'head',
  name: 'Run 1',
  pinned: true,
  note: 'The first one.',
  continuedFromRunId: 'r0',
  modelBytes: 1_640_000,
  imageMs: 12.5,
  tunedStageCount: 2,
  guard: {
    start: 'run',
    kept: true,
    imageCount: 9,
    lossGain: 0.25,
    standardError: 0.125,
    startAccuracyRatio: 0.5,
    tunedAccuracyRatio: 0.75,
  },
  classParts: [
    { train: 1, validation: 0, test: 1 },
    { train: 1, validation: 0, test: 0 },
  ],
  leftOut: [{ name: 'bird', imageCount: 3 }],
  heldOutEdits: { relabelledCount: 2, deletedCount: 1 },
  startedAtMs: 5,
  end: 'early-stopping',
  settings: { ...DEFAULT_SETTINGS, head: 'network', hiddenUnits: 0, labelSmoothing: 0, classWeights: 'none' },
  automaticSettings: ['head', 'hiddenUnits', 'labelSmoothing', 'classWeights'],
  backbone: { id: 'mobilenet-v2', name: 'MobileNet v2', featureLength: 3, sha256: 'b'.repeat(64) },
  backend: 'wasm',
  resizeMode: 'pad',
  classes: CLASSES,
  partCounts: { train: 1, validation: 0, test: 1 },
  splitRatios: { train: 0.7, validation: 0.15, test: 0.15 },
  splitSeed: 42,
  curves: [
    {
      epochIndex: 0,
      trainLoss: 0.5,
      trainAccuracyRatio: 1,
      validationLoss: null,
      validationAccuracyRatio: null,
      recallRatios: [1, Number.NaN],
      learningRate: 0.001,
      elapsedMs: 12,
      phase: 'fine-tune',
    },
  ],
  bestEpochIndex: 0,
  scores: { testCount: 1, testAccuracyRatio: 1, testMacroF1Ratio: 0.5, validationAccuracyRatio: null },
  seconds: { features: 1, training: 2, evaluation: 0.1 },
  classifier: {
    chosen: 'logistic',
    candidates: [
      { head: 'prototypes', validationLoss: 0.5, standardError: 0.1, lossGap: 0.2, gapStandardError: 0.05 },
      { head: 'logistic', validationLoss: 0.3, standardError: null, lossGap: 0, gapStandardError: null },
    ],
    comparedOn: 'cross-validation',
    imageCount: 20,
    curvesOf: 'logistic',
  },
  fallback: 'class-means',
  groups: { groupCount: 2, groupedImageCount: 9, straddlingCount: 1 },
  beforeTraining: {
    validation: null,
    test: { imageCount: 1, correctCount: 0, onlyModelCount: 1, onlyBaselineCount: 0 },
  },
  prior: { runId: 'r0', sharedCount: 31, onlyThisCount: 2, onlyPriorCount: 5 },
  crossValidation: {
    foldCount: 2,
    folds: [
      {
        imageCount: 1,
        accuracyRatio: 1,
        macroPrecisionRatio: 1,
        macroRecallRatio: 1,
        macroF1Ratio: 1,
        precisionRatios: [1, Number.NaN],
        recallRatios: [1, Number.NaN],
        f1Ratios: [1, Number.NaN],
        stagesKept: false,
        chosenHead: 'logistic',
      },
    ],
  },
  measuredSizes: {
    method: 1,
    networkSha256: 'abc',
    rows: [
      {
        compression: { encoding: 'uint8', prunedRatio: 0.3 },
        weightBytes: 400_000,
        downloadBytes: 300_000,
        imageMs: 12.25,
        answers: { imageCount: 1, correctCountBefore: 1, correctCountAfter: 0, changedCount: 1 },
      },
    ],
  },
  datasetFingerprint: '2-abc',
};

export const ARTIFACTS: RunArtifacts = {
  runId: 'r1',
  head: {
    layers: [
      {
        kernel: Float32Array.of(1, 2, 3, 4, 5, 6),
        bias: Float32Array.of(0.5, -0.5),
        inputLength: 3,
        outputLength: 2,
        activation: 'softmax',
      },
    ],
  },
  tuned: {
    stageCount: 2,
    cutNode: 'block_3',
    weights: [
      { nodeName: 'block_4', kernel: Float32Array.of(1.5, -2), bias: Float32Array.of(0.25) },
      { nodeName: 'block_5', kernel: Float32Array.of(3), bias: Float32Array.of(-4, 5) },
    ],
  },
  predictions: {
    imageIds: ['a', 'b'],
    parts: ['train', 'test'],
    classIndices: [0, 1],
    classCount: 2,
    probabilities: Float32Array.of(0.75, 0.25, 0.125, 0.875),
  },
};
