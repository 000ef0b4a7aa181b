import type { Part } from '../../../src/domain/dataset.ts';
import { randomStream } from '../../../src/domain/random.ts';
import { DEFAULT_SETTINGS, resolveSettings, type TrainingSettings } from '../../../src/domain/settings.ts';
import type { TrainEvent } from '../../../src/engine/contract.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { TrainOptions } from '../../../src/engine/train.ts';
import { installWasmPaths } from '../../../src/engine/wasm-paths.ts';

/** Switches this page's tfjs to a backend, and throws when it silently took another. */
export async function useBackend(name: 'wasm' | 'cpu'): Promise<void> {
  if (name === 'wasm' && tf.getBackend() !== 'wasm') installWasmPaths();
  await tf.setBackend(name);
  if (tf.getBackend() !== name) throw new Error(`tfjs took ${tf.getBackend()} instead of ${name}`);
}

interface Overrides {
  readonly settings?: Partial<TrainingSettings>;
  readonly trainCount?: number;
  readonly validationCount?: number;
  readonly signal?: AbortSignal;
  readonly stopRequested?: (events: readonly TrainEvent[]) => boolean;
  readonly yieldToEvents?: () => Promise<void>;
  readonly featureScale?: number;
}

/** Three classes as overlapping clouds of 16 numbers, with everything else `trainHead` asks for. */
export function makeRun(overrides: Overrides = {}): { options: TrainOptions; events: TrainEvent[] } {
  const { trainCount = 60, validationCount = 15, featureScale = 1 } = overrides;
  const rowCount = trainCount + validationCount;
  const random = randomStream(1, 'clouds');
  const classIndices = Array.from({ length: rowCount }, (_, row) => row % 3);
  const values = classIndices.flatMap((classIndex) =>
    Array.from({ length: 16 }, (_, index) => (random.normal() + (index % 3 === classIndex ? 0.7 : 0)) * featureScale),
  );
  const parts = classIndices.map((_, row): Part => (row < trainCount ? 'train' : 'validation'));
  const settings = {
    ...DEFAULT_SETTINGS,
    head: 'network' as const,
    epochs: 6,
    patience: 0,
    hiddenUnits: 8,
    batchSize: 16,
    ...overrides.settings,
  };
  const events: TrainEvent[] = [];
  let clockMs = 0;
  const options: TrainOptions = {
    features: { values: Float32Array.from(values), featureLength: 16 },
    rows: { hashes: classIndices.map((_, row) => String(row)), classIndices, parts },
    classCount: 3,
    settings: resolveSettings(settings, { classCounts: [1, 1, 1] }),
    signal: overrides.signal ?? new AbortController().signal,
    stopRequested: () => overrides.stopRequested?.(events) ?? false,
    emit: (event) => events.push(event),
    // Every look at the clock is 50 ms later: messages are let in after each step.
    now: () => {
      clockMs += 50;
      return clockMs;
    },
    yieldToEvents: overrides.yieldToEvents ?? (() => Promise.resolve()),
  };
  return { options, events };
}

/** The features of a run on the device, for `predictProbabilities`. Owned by the caller. */
export function onDevice({ values, featureLength }: TrainOptions['features']): tf.Tensor2D {
  return tf.tensor2d(values, [values.length / featureLength, featureLength]);
}
