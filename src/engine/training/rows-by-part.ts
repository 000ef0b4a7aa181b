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
  const classIndices = rowIndices.map((rowIndex) => rows.classIndices[rowIndex] ?? 0);
  return { part, rowIndices, classIndices };
}

/**
 * What to learn from and what to judge every epoch by: the validation part, or the training part when that is empty.
 * Every epoch goes through every training image and all its views: no worse than one of them drawn an epoch
 * (`docs/measurements.md`), and what is fitted in one go needs them all.
 * @param viewCount changed views of every training image. Their rows lie behind all others: first those of view 0, in
 * the order of the training rows, then those of view 1, and so on.
 * @throws RemoteError 'too-few-images' without training rows.
 */
export function rowsToTrainOn(
  rows: TrainingRows,
  viewCount = 0,
): { readonly train: PartRows; readonly judge: PartRows } {
  const train = rowsOf(rows, 'train');
  if (train.rowIndices.length === 0) {
    throw new RemoteError(
      'too-few-images',
      'No image is in the training part. Nothing was changed. Add images or give the training part a larger share.',
    );
  }
  const validation = rowsOf(rows, 'validation');
  return {
    train: withViews(train, rows.parts.length, viewCount),
    judge: validation.rowIndices.length > 0 ? validation : train,
  };
}

/** @param from position of the first view's first row. */
function withViews(train: PartRows, from: number, viewCount: number): PartRows {
  const imageCount = train.rowIndices.length;
  const isImage = (row: number) => row < imageCount;
  const rowCount = (viewCount + 1) * imageCount;
  return {
    part: train.part,
    rowIndices: Int32Array.from({ length: rowCount }, (_, row) =>
      isImage(row) ? (train.rowIndices[row] ?? 0) : from + row - imageCount,
    ),
    classIndices: Int32Array.from({ length: rowCount }, (_, row) => train.classIndices[row % imageCount] ?? 0),
  };
}
