import { createBatchFeed } from '../batch-feed.ts';
import { type Judgement, judgementOf } from '../judgement.ts';
import { optimizerRates } from '../optimizer-rates.ts';
import type { PartRows } from '../rows-by-part.ts';
import { learningRateAt } from '../schedule.ts';
import type { EpochResult, Stepper, StepperInput } from '../stepper.ts';
import { allocateHeadMemory, type MatrixPlace, readHead, writeHead } from './head-memory.ts';
import { createKernelHead } from './kernel-head.ts';
import { addSoftSlope, scoreRow, slopeOfRow } from './softmax-rows.ts';

/** Judged so many rows at a time at least: smaller batches would make less of the kernels. */
const JUDGED_ROWS = 32;

/** Trains with our own kernels on one thread of the processor. @param module made for the optimiser in `settings`. */
export function createKernelStepper(module: WebAssembly.Module, input: StepperInput): Stepper {
  const { features, train, judge, shape, settings, start, rateAt } = input;
  const { classCount } = shape;
  const feed = createBatchFeed(train, shape, settings, input.teaching ?? null);
  const rowCapacity = Math.max(feed.batchSize, JUDGED_ROWS);
  const place = allocateHeadMemory(shape, rowCapacity);
  const { numbers, weightCount } = place;
  const head = createKernelHead(module, place, shape);
  const scores = lastOf(place.outputs);
  const slopes = lastOf(place.slopes);
  const stepCount = feed.batchCount * settings.epochs;
  const kept = new Float32Array(weightCount);
  let stepIndex = 0;
  let sums = { loss: 0, hitCount: 0, countedRows: 0 };
  let learningRate = 0;
  writeHead(place, start);

  const judgeRows = ({ rowIndices, classIndices }: PartRows): Judgement => {
    const predicted = new Int32Array(rowIndices.length);
    let loss = 0;
    for (let start = 0; start < rowIndices.length; start += rowCapacity) {
      const chunk = rowIndices.subarray(start, start + rowCapacity);
      head.load(features, chunk, null, null);
      head.forward(chunk.length, []);
      for (let row = 0; row < chunk.length; row++) {
        const scored = scoreRow(numbers, rowAt(scores, row), classCount, classIndices[start + row] ?? 0);
        loss += scored.loss;
        predicted[start + row] = scored.predicted;
      }
    }
    return judgementOf(loss, classIndices, predicted, classCount);
  };

  return {
    batchCount: feed.batchCount,
    startEpoch: () => {
      feed.startEpoch();
      sums = { loss: 0, hitCount: 0, countedRows: 0 };
    },
    step: (batchIndex) => {
      learningRate = rateAt?.(stepIndex) ?? learningRateAt(stepIndex, stepCount, settings);
      const { rowIndices, classIndices, mixup, inputDropout, hiddenDropouts, weights, targets, soft, countedRows } =
        feed.batch(batchIndex);
      head.load(features, rowIndices, mixup, inputDropout);
      head.forward(rowIndices.length, hiddenDropouts);
      for (let row = 0; row < rowIndices.length; row++) {
        const from = rowAt(scores, row);
        const classIndex = classIndices[row] ?? 0;
        const scored = scoreRow(numbers, from, classCount, classIndex);
        const target = targets.subarray(row * classCount, (row + 1) * classCount);
        slopeOfRow(numbers, from, scored.logSum, weights[row] ?? 0, target, rowAt(slopes, row));
        if (soft !== null) {
          const taught = soft.targets.subarray(row * classCount, (row + 1) * classCount);
          addSoftSlope(numbers, from, soft.temperature, soft.weights[row] ?? 0, taught, rowAt(slopes, row));
        }
        if (row >= countedRows) continue;
        sums.loss += scored.loss;
        if (scored.predicted === classIndex) sums.hitCount += 1;
      }
      sums.countedRows += countedRows;
      head.backward(rowIndices.length);
      head.update(optimizerRates(settings.optimizer, learningRate, stepIndex + 1), settings.l2);
      stepIndex += 1;
    },
    finishEpoch: async (): Promise<EpochResult> => ({
      trainLoss: sums.loss / sums.countedRows,
      trainAccuracyRatio: sums.hitCount / sums.countedRows,
      countedRows: sums.countedRows,
      weightsFinite: Number.isFinite(sumOf(numbers.subarray(0, weightCount))),
      judged: judgeRows(judge),
      judgedPart: judge.part,
      learningRate,
    }),
    keepWeights: () => kept.set(numbers.subarray(0, weightCount)),
    readKept: async () => readHead(place, kept, shape),
    // The memory goes with the last who knows it.
    dispose: () => {},
  };
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0;
  return sum;
}

function rowAt({ start, stride }: MatrixPlace, row: number): number {
  return start + row * stride;
}

function lastOf(places: readonly MatrixPlace[]): MatrixPlace {
  const last = places.at(-1);
  if (last === undefined) throw new Error('a head has at least one layer');
  return last;
}
