import { argmax } from '../domain/metrics/predicted.ts';
import type { TrainingRows } from './contract.ts';
import { fitPrototypes } from './heads/prototypes.ts';
import { predictOverViews } from './predict-over-views.ts';
import type { Workplace } from './session.ts';
import { rowsToTrainOn } from './training/rows-by-part.ts';

/**
 * What the features say before anything is trained: class averages of the training rows, asked about the others.
 *
 * @returns class by row; -1 for training rows.
 * @throws RemoteError 'features-missing', 'too-few-images' without training rows.
 */
export async function predictFromAverages(
  rows: TrainingRows,
  classCount: number,
  workplace: Workplace,
): Promise<Int32Array<ArrayBuffer>> {
  const { train } = rowsToTrainOn(rows);
  const { store, backbone } = workplace;
  const hashOf = (row: number) => rows.hashes[row] ?? '';
  const trainHashes = [...train.rowIndices].map(hashOf);
  const features = { values: await store.gather(trainHashes), featureLength: backbone.report.featureLength };
  const positions = Int32Array.from(trainHashes, (_, position) => position);
  const { head } = fitPrototypes(features, positions, train.classIndices, classCount);
  const heldOut = rows.parts.flatMap((part, row) => (part === 'train' ? [] : [row]));
  const probabilities = await predictOverViews(workplace, heldOut.map(hashOf), head, undefined);
  const predicted = new Int32Array(rows.parts.length).fill(-1);
  heldOut.forEach((row, index) => {
    predicted[row] = argmax(probabilities.subarray(index * classCount, (index + 1) * classCount));
  });
  return predicted;
}
