import type { Part } from '../../domain/dataset.ts';
import { RemoteError } from '../../rpc/remote-error.ts';
import type { TrainingRows } from '../contract.ts';

/** Rows of one part: positions in the features and their classes, entry by entry. */
export interface PartRows {
  readonly part: Part;
  readonly rowIndices: Int32Array;
  readonly classIndices: Int32Array;
  /** Positions of the rows of every changed view of these images, by view; empty without augmentation. */
  readonly viewRows: readonly Int32Array[];
}

function rowsOf(rows: TrainingRows, part: Part): PartRows {
  const rowIndices = Int32Array.from(rows.parts.flatMap((rowPart, rowIndex) => (rowPart === part ? [rowIndex] : [])));
  const classIndices = rowIndices.map((rowIndex) => rows.classIndices[rowIndex] ?? 0);
  return { part, rowIndices, classIndices, viewRows: [] };
}

/**
 * What to learn from and what to judge every epoch by: the validation part, or the training part when that is empty.
 * @param viewCount changed views of every training image. Their rows lie behind all others: first those of view 0, in
 * the order of the training rows, then those of view 1, and so on.
 * @throws RemoteError 'too-few-images' without training rows.
 */
export function rowsToTrainOn(
  rows: TrainingRows,
  viewCount: number,
): { readonly train: PartRows; readonly judge: PartRows } {
  const train = rowsOf(rows, 'train');
  if (train.rowIndices.length === 0) {
    throw new RemoteError(
      'too-few-images',
      'No image is in the training part. Nothing was changed. Add images or give the training part a larger share.',
    );
  }
  const validation = rowsOf(rows, 'validation');
  const trainCount = train.rowIndices.length;
  const viewRows = Array.from({ length: viewCount }, (_, view) =>
    train.rowIndices.map((_, row) => rows.parts.length + view * trainCount + row),
  );
  return { train: { ...train, viewRows }, judge: validation.rowIndices.length > 0 ? validation : train };
}
