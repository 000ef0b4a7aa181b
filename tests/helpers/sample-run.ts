import type { BackboneReport } from '../../src/domain/backbone.ts';
import type { Part } from '../../src/domain/dataset.ts';
import type { Predictions, Run } from '../../src/domain/run.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/settings.ts';

/** Images of one cell: truly of class `from`, predicted as `to`. */
interface Cell {
  readonly part: Part;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Predictions with as many images as the cells say. */
export function predictionsOf(classCount: number, cells: readonly Cell[]): Predictions {
  const rows = cells.flatMap((cell) => Array.from({ length: cell.count }, () => cell));
  return {
    imageIds: rows.map((_, row) => `image-${row}`),
    parts: rows.map(({ part }) => part),
    classIndices: rows.map(({ from }) => from),
    classCount,
    probabilities: Float32Array.from(
      rows.flatMap(({ to }) => Array.from({ length: classCount }, (_, index) => (index === to ? 1 : 0))),
    ),
  };
}

export function runOf(classNames: readonly string[], change: Partial<Run> = {}): Run {
  return {
    id: 'run-1',
    projectId: 'project-1',
    kind: 'head',
    name: 'Run 1',
    pinned: false,
    note: '',
    continuedFromRunId: null,
    modelBytes: 1_640_000,
    imageMs: 12.5,
    tunedStageCount: 0,
    guard: null,
    startedAtMs: Date.UTC(2026, 4, 17, 9, 30),
    end: 'early-stopping',
    settings: { ...DEFAULT_SETTINGS, head: 'network', hiddenUnits: 100, labelSmoothing: 0.1, classWeights: 'balanced' },
    automaticSettings: ['head', 'hiddenUnits', 'labelSmoothing', 'classWeights'],
    backbone: { id: 'tiny', name: 'Tiny net', featureLength: 6, sha256: null },
    backend: 'wasm',
    resizeMode: 'crop',
    classes: classNames.map((name, index) => ({ id: `class-${index}`, name, colorIndex: index })),
    partCounts: { train: 14, validation: 3, test: 20 },
    splitRatios: { train: 0.7, validation: 0.15, test: 0.15 },
    splitSeed: 42,
    curves: [],
    bestEpochIndex: 25,
    scores: { testCount: 20, testAccuracyRatio: 0.9, testMacroF1Ratio: 0.9, validationAccuracyRatio: 0.9 },
    seconds: { features: 1, training: 1, evaluation: 1 },
    beforeTraining: null,
    classifier: null,
    fallback: null,
    groups: null,
    classParts: null,
    leftOut: [],
    heldOutEdits: { relabelledCount: 0, deletedCount: 0 },
    measuredSizes: null,
    crossValidation: null,
    prior: null,
    datasetFingerprint: 'fingerprint',
    ...change,
  };
}

export const BACKBONE: BackboneReport = {
  id: 'tiny',
  name: 'Tiny net',
  inputSide: 32,
  featureLength: 6,
  parameterCount: 1234,
  stages: [],
  sizeBytes: 4936,
  sha256: 'ab'.repeat(32),
  licence: 'Apache-2.0',
  source: 'made for a test',
  foldingErrorRatio: null,
  millisecondsPerImage: 1,
};
