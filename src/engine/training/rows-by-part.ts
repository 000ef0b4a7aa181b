import type { Part } from '../../domain/dataset.ts';
import { RemoteError } from '../../rpc/remote-error.ts';
import type { TrainingRows } from '../contract.ts';

/** Rows of one part: positions in the features and their classes, entry by entry. */
export interface PartRows {
  readonly part: Part;
  readonly rowIndices: Int32Array;
  readonly classIndices: Int32Array;
}

function rowsOf(rows: TrainingRows, part: Part): PartRows {
  const rowIndices = Int32Array.from(rows.parts.flatMap((rowPart, rowIndex) => (rowPart === part ? [rowIndex] : [])));
  return { part, rowIndices, classIndices: rowIndices.map((rowIndex) => rows.classIndices[rowIndex] ?? 0) };
}

/**
 * What to learn from and what to judge every epoch by: the validation part, or the training part when that is empty.
 * @throws RemoteError 'too-few-images' without training rows.
 */
export function rowsToTrainOn(rows: TrainingRows): { readonly train: PartRows; readonly judge: PartRows } {
  const train = rowsOf(rows, 'train');
  if (train.rowIndices.length === 0) {
    throw new RemoteError(
      'too-few-images',
      'No image is in the training part. Nothing was changed. Add images or give the training part a larger share.',
    );
  }
  const validation = rowsOf(rows, 'validation');
  return { train, judge: validation.rowIndices.length > 0 ? validation : train };
}
