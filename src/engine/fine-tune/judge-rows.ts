import type { UpperGraph } from '../../graph/split-at-stage.ts';
import * as tf from '../tf.ts';
import type { HeadShape } from '../training/head-shape.ts';
import { type Judgement, judgementOf } from '../training/judgement.ts';
import { logitsOf } from '../training/network.ts';
import { layersOf, type Parameters } from '../training/parameters.ts';
import type { PartRows } from '../training/rows-by-part.ts';
import type { DeviceScale } from './device-scale.ts';
import { forward, type WeightsByNode } from './trained-graph.ts';

/** How stages and head do on some images. */
export interface JudgedRows {
  readonly judgement: Judgement;
  /** Cross-entropy of every row, float64. */
  readonly losses: Float64Array;
}

interface Judged {
  readonly graph: UpperGraph;
  readonly activations: (rowIndices: Int32Array) => Float32Array;
  readonly shape: HeadShape;
  /** The scale that the head takes features on; as they are for null. */
  readonly toScale: DeviceScale | null;
}

/** Every batch has `batchSize` rows, the last filled up: new shapes would cost new buffers and shaders. */
export async function judgeRows(
  { graph, activations, shape, toScale }: Judged,
  weights: WeightsByNode,
  parameters: Parameters,
  { rowIndices, classIndices }: PartRows,
  batchSize: number,
): Promise<JudgedRows> {
  const { classCount } = shape;
  const losses = new Float64Array(rowIndices.length);
  const predicted = new Int32Array(rowIndices.length);
  for (let start = 0; start < rowIndices.length; start += batchSize) {
    const batch = new Int32Array(batchSize).map(
      (_, row) => rowIndices[Math.min(start + row, rowIndices.length - 1)] ?? 0,
    );
    const logProbabilities = tf.tidy(() => {
      const atCut = tf.tensor4d(activations(batch), [batchSize, ...graph.inputShape]);
      const { features } = forward(graph, weights, atCut);
      const rows = toScale === null ? features : toScale.apply(features);
      return tf.logSoftmax(logitsOf(rows, layersOf(parameters, shape)));
    });
    const values = await logProbabilities.data<'float32'>().finally(() => logProbabilities.dispose());
    const count = Math.min(batchSize, rowIndices.length - start);
    for (let row = 0; row < count; row += 1) {
      const scores = values.subarray(row * classCount, (row + 1) * classCount);
      losses[start + row] = -(scores[classIndices[start + row] ?? 0] ?? Number.NaN);
      predicted[start + row] = scores.indexOf(Math.max(...scores));
    }
  }
  const lossSum = losses.reduce((sum, loss) => sum + loss, 0);
  return { judgement: judgementOf(lossSum, classIndices, predicted, classCount), losses };
}
