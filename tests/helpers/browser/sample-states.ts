import {
  type ClassLabel,
  type Dataset,
  type ImageItem,
  NO_GROUP_FACTS,
  type Part,
} from '../../../src/domain/dataset.ts';
import { withSize } from '../../../src/domain/measured-sizes.ts';
import type { Project } from '../../../src/domain/project.ts';
import type { EpochRecord, Predictions, Run, RunArtifacts } from '../../../src/domain/run.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { DEFAULT_SPLIT } from '../../../src/domain/split.ts';
import type { AppState, LiveState } from '../../../src/state/app-state.ts';
import { INITIAL_STATE } from '../../../src/state/store.ts';
import { runOf } from '../sample-run.ts';
import { trainingJob } from './sample-jobs.ts';

const NAMES = ['daisy', 'dandelion', 'roses', 'sunflowers', 'tulips'];

export function sampleClasses(count: number): readonly ClassLabel[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `class-${index}`,
    name: NAMES[index] ?? `species ${index + 1}`,
    colorIndex: index,
  }));
}

/** Part of the n-th image of a class: 14 of 20 train, 3 validation, 3 test. */
function partOf(index: number): Part {
  const place = index % 20;
  if (place < 14) return 'train';
  return place < 17 ? 'validation' : 'test';
}

export function sampleDataset(classCount: number, imagesPerClass: number): Dataset {
  const classes = sampleClasses(classCount);
  const images = new Map<string, ImageItem>();
  for (const [classIndex, label] of classes.entries()) {
    for (let index = 0; index < imagesPerClass; index += 1) {
      const id = `image-${classIndex}-${index}`;
      images.set(id, {
        id,
        hash: `${classIndex}-${index}`.padStart(64, '0'),
        classId: label.id,
        name: `${label.name}-${index}.jpg`,
        path: `${label.name}/${label.name}-${index}.jpg`,
        widthPx: 640,
        heightPx: 480,
        sizeBytes: 80_000,
        lockedPart: null,
        grouping: NO_GROUP_FACTS,
        addedAtMs: 0,
      });
    }
  }
  return { classes, images };
}

/** Every seventh image is taken for the next class; sureness falls with the number of the image. */
function samplePredictions(dataset: Dataset): Predictions {
  const classCount = dataset.classes.length;
  const items = [...dataset.images.values()];
  const probabilities = new Float32Array(items.length * classCount);
  const parts: Part[] = [];
  const classIndices: number[] = [];
  for (const [row, item] of items.entries()) {
    const [, classText, indexText] = item.id.split('-');
    const classIndex = Number(classText);
    const index = Number(indexText);
    const predicted = index % 7 === 1 ? (classIndex + 1) % classCount : classIndex;
    const top = 0.95 - (index % 20) * 0.015;
    probabilities.fill((1 - top) / Math.max(1, classCount - 1), row * classCount, (row + 1) * classCount);
    probabilities[row * classCount + predicted] = top;
    parts.push(partOf(index));
    classIndices.push(classIndex);
  }
  return { imageIds: items.map((item) => item.id), parts, classIndices, classCount, probabilities };
}

function sampleCurves(epochCount: number, classCount: number): readonly EpochRecord[] {
  return Array.from({ length: epochCount }, (_, epochIndex) => {
    const learnt = 1 - Math.exp(-(epochIndex + 1) / 6);
    const wave = Math.sin(epochIndex * 1.7) * 0.02;
    return {
      epochIndex,
      trainLoss: 1.6 * (1 - learnt) + 0.12,
      trainAccuracyRatio: 0.3 + 0.68 * learnt,
      validationLoss: 1.6 * (1 - learnt) + 0.32 + wave,
      validationAccuracyRatio: 0.3 + 0.58 * learnt + wave,
      recallRatios: Array.from({ length: classCount }, (_, index) =>
        Math.min(1, Math.max(0, 0.25 + learnt * (0.72 - 0.035 * (index % 9)) + Math.sin(epochIndex + index) * 0.03)),
      ),
      learningRate: 0.001,
      elapsedMs: (epochIndex + 1) * 90,
      phase: 'head',
    };
  });
}

export function sampleRun(dataset: Dataset, change: Partial<Run> = {}): Run {
  const classCount = dataset.classes.length;
  return {
    ...runOf([]),
    settings: { ...DEFAULT_SETTINGS, head: 'network', hiddenUnits: 100, labelSmoothing: 0.1, classWeights: 'none' },
    backbone: { id: 'mobilenet_v2_0.35_224', name: 'MobileNet v2 0.35', featureLength: 1280, sha256: null },
    classes: dataset.classes,
    partCounts: { train: 350, validation: 75, test: 75 },
    curves: sampleCurves(31, classCount),
    scores: { testCount: 75, testAccuracyRatio: 0.88, testMacroF1Ratio: 0.874, validationAccuracyRatio: 0.867 },
    seconds: { features: 21.4, training: 2.9, evaluation: 0.4 },
    ...change,
  };
}

export function sampleProject(dataset: Dataset, change: Partial<Project> = {}): Project {
  return {
    id: 'project-1',
    name: 'Flowers',
    createdAtMs: 0,
    updatedAtMs: 0,
    dataset,
    settings: DEFAULT_SETTINGS,
    split: DEFAULT_SPLIT,
    resizeMode: 'crop',
    network: { id: 'mobilenet_v2_0.35_224', name: 'MobileNet v2 0.35', sha256: null },
    currentRunId: 'run-1',
    comparison: null,
    search: null,
    answersWhileAdding: false,
    ...change,
  };
}

export function sampleLive(dataset: Dataset, epochsDone: number, epochCount = 50): LiveState {
  const classCount = dataset.classes.length;
  const confusion = Array.from({ length: classCount * classCount }, (_, cell) => {
    const row = Math.floor(cell / classCount);
    const column = cell % classCount;
    if (row === column) return 12 - (row % 4);
    return column === (row + 1) % classCount ? 3 : 0;
  });
  return {
    epochs: sampleCurves(epochsDone, classCount),
    epochCount,
    confusion,
    confusionPart: 'validation',
    classNames: dataset.classes.map((label) => label.name),
    classColorIndices: dataset.classes.map((label) => label.colorIndex),
  };
}

const READY: Pick<AppState, 'engine' | 'backbones'> = {
  engine: {
    kind: 'ready',
    device: { backend: 'wasm', adapter: '', softwareAdapter: false, threadCount: 2, chosenByUser: false, probes: [] },
  },
  backbones: {
    ...INITIAL_STATE.backbones,
    current: {
      id: 'mobilenet_v2_0.35_224',
      name: 'MobileNet v2 0.35',
      inputSide: 224,
      featureLength: 1280,
      parameterCount: 410_208,
      stages: [
        { name: 'out_relu', shape: [7, 7, 1280], parameterCount: 144_640 },
        { name: 'block_16', shape: [7, 7, 112], parameterCount: 99_904 },
        { name: 'block_15', shape: [7, 7, 56], parameterCount: 41_384 },
      ],
      sizeBytes: 1_700_000,
      sha256: '0'.repeat(64),
      licence: 'Apache-2.0',
      source: 'Sample',
      foldingErrorRatio: 1e-6,
      millisecondsPerImage: 18,
    },
  },
};

/** A page with data and a ready engine, and no run yet. */
export function untrainedState(classCount = 5, imagesPerClass = 100): AppState {
  const dataset = sampleDataset(classCount, imagesPerClass);
  return { ...INITIAL_STATE, ...READY, project: sampleProject(dataset, { currentRunId: null }) };
}

/** The same page after a run. */
export function trainedState(classCount = 5, imagesPerClass = 100): AppState {
  const dataset = sampleDataset(classCount, imagesPerClass);
  const run = sampleRun(dataset);
  const artifacts: RunArtifacts = {
    runId: run.id,
    head: { layers: [] },
    tuned: null,
    predictions: samplePredictions(dataset),
  };
  return {
    ...INITIAL_STATE,
    ...READY,
    project: sampleProject(dataset),
    runs: [run],
    artifacts,
    live: sampleLive(dataset, run.curves.length),
  };
}

/** The same page after one size of the model, 8 bits, was measured. */
export function measuredState(): AppState {
  const state = trainedState();
  const { current: network } = state.backbones;
  if (network === null) throw new Error('no network');
  const answers = { imageCount: 40, correctCountBefore: 36, correctCountAfter: 35, changedCount: 3 };
  const compression = { encoding: 'uint8', prunedRatio: 0 } as const;
  const row = { compression, weightBytes: 4_400_000, downloadBytes: 3_600_000, imageMs: 12.25, answers };
  return { ...state, runs: state.runs.map((run) => ({ ...run, measuredSizes: withSize(run, network, row) })) };
}

/** The same page in the middle of a run. */
export function runningState(classCount = 5, epochsDone = 12): AppState {
  const before = untrainedState(classCount);
  const dataset = before.project?.dataset ?? sampleDataset(classCount, 100);
  return {
    ...before,
    live: sampleLive(dataset, epochsDone),
    jobs: [
      trainingJob({
        kind: 'running',
        fineTuning: null,
        stopping: false,
        epochCount: 50,
        imagesPerSecond: 4200,
        secondsLeft: 3.2,
      }),
    ],
  };
}
