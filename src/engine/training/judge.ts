import * as tf from '../tf.ts';
import type { HeadShape } from './head-shape.ts';
import { type Judgement, judgementOf } from './judgement.ts';
import { oneHotRows } from './labels.ts';
import { logitsOf, lossAndPredictions } from './network.ts';
import { layersOf, type Parameters } from './parameters.ts';
import type { RowSource } from './row-source.ts';
import type { PartRows } from './rows-by-part.ts';

/** Holds the rows of the part that judges on the device. `dispose` frees them. */
export interface Judge {
  /** Summed loss and predicted classes, float32 [1 + rows]. Call inside `tf.tidy`. */
  measure(parameters: Parameters): tf.Tensor1D;
  /** Turns what `measure` gave, read back, into scores. */
  read(measured: Float32Array): Judgement;
  dispose(): void;
}

export function createJudge(source: RowSource, { rowIndices, classIndices }: PartRows, shape: HeadShape): Judge {
  const { classCount } = shape;
  const rows = source.take(rowIndices, null);
  const truth = tf.tensor2d(oneHotRows(classIndices, classCount), [rowIndices.length, classCount]);
  return {
    measure: (parameters) => lossAndPredictions(logitsOf(rows, layersOf(parameters, shape)), truth),
    read: (measured) => judgementOf(measured[0] ?? Number.NaN, classIndices, measured.subarray(1), classCount),
    dispose: () => tf.dispose([rows, truth]),
  };
}
