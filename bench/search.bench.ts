import { fileURLToPath } from 'node:url';
import { randomStream } from '../src/domain/random.ts';
import { candidatesOf, ranked, type SearchPlan } from '../src/domain/search.ts';
import { DEFAULT_SETTINGS, resolveSettings } from '../src/domain/settings.ts';
import { checkSettings } from '../src/domain/settings-check.ts';
import type { TrainedCandidate } from '../src/engine/contract-measuring.ts';
import { trainAnyHead } from '../src/engine/heads/train-any-head.ts';
import * as tf from '../src/engine/tf.ts';
import { trainMany } from '../src/engine/train-many.ts';

const IMAGES = 1000;
const FEATURES = 1280;
const CLASSES = 5;
const VALIDATION_RATIO = 0.15 / 0.85;

/**
 * `npm run bench search [runs]`: a random search over head settings on 1,000 images' features, on wasm in Node, one
 * candidate after another as the page does it. Prints the seconds and the best.
 */
export async function run(args: string[]): Promise<void> {
  const [runs = 50] = args.map(Number);
  tf.setWasmPaths(fileURLToPath(new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));
  await tf.setBackend('wasm');
  const plan: SearchPlan = {
    method: 'random',
    over: {
      learningRate: { min: 1e-4, max: 1e-2, scale: 'log' },
      hiddenUnits: [0, 50, 100, 200],
      dropout: { min: 0, max: 0.5 },
      l2: { min: 1e-6, max: 1e-2, scale: 'log' },
    },
    runs,
    minutes: null,
    seed: 42,
  };
  for (const method of ['random', 'halving'] as const) await search({ ...plan, method });
}

async function search(plan: SearchPlan): Promise<void> {
  const { values, classIndices, parts } = makeData();
  const candidates = candidatesOf(plan, { ...DEFAULT_SETTINGS, head: 'network' });
  const done: TrainedCandidate[] = [];
  const startedMs = performance.now();
  const train = async (indices: readonly number[], epochRatio: number) => {
    const told: TrainedCandidate[] = [];
    await trainMany({
      features: { values, featureLength: FEATURES },
      rows: { hashes: [], classIndices, parts },
      viewCount: 0,
      classCount: CLASSES,
      candidates: indices.map((index) => {
        const { settings } = checkSettings({ ...DEFAULT_SETTINGS, head: 'network', ...candidates[index] });
        const resolved = resolveSettings(settings, { classCounts: Array(CLASSES).fill(IMAGES / CLASSES) });
        return { settings: { ...resolved, epochs: Math.round(resolved.epochs * epochRatio) }, trainRows: null };
      }),
      train: trainAnyHead,
      judge: null,
      signal: new AbortController().signal,
      stopRequested: () => false,
      emit: (event) => {
        if ('index' in event) told.push({ ...event, index: indices[event.index] ?? 0 });
      },
      now: () => performance.now(),
      yieldToEvents: () => new Promise((resolve) => setImmediate(resolve)),
    });
    done.push(...told);
    return told;
  };
  let entered = candidates.map((_, index) => index);
  for (const epochRatio of plan.method === 'halving' ? [1 / 27, 1 / 9, 1 / 3, 1] : [1]) {
    const told = await train(entered, epochRatio);
    entered = ranked(told.map(asResult))
      .slice(0, Math.ceil(entered.length / 3))
      .map(({ candidateIndex }) => candidateIndex);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const epochCount = done.reduce((sum, candidate) => sum + candidate.epochCount, 0);
  const best = ranked(done.map(asResult))[0];
  console.log(
    `${plan.method}: ${candidates.length} candidates, ${epochCount} epochs, ${seconds.toFixed(1)} s; ` +
      `best on validation ${((best?.validationAccuracyRatio ?? 0) * 100).toFixed(1)} %`,
  );
}

const asResult = ({ index, ...figures }: TrainedCandidate) => ({ candidateIndex: index, rung: 0, ...figures });

/** Features like a network's: never negative, a third of them zero, one bump per class. */
function makeData() {
  const random = randomStream(42, 'bench');
  const classIndices = Array.from({ length: IMAGES }, (_, row) => row % CLASSES);
  const values = new Float32Array(IMAGES * FEATURES);
  for (let index = 0; index < values.length; index++) {
    const bump = (index % FEATURES) % CLASSES === classIndices[Math.floor(index / FEATURES)] ? 0.1 : 0;
    values[index] = Math.max(0, random.normal() * 0.5 + 0.2 + bump);
  }
  const parts = classIndices.map((_, row) =>
    row < IMAGES * VALIDATION_RATIO ? ('validation' as const) : ('train' as const),
  );
  return { values, classIndices, parts };
}
