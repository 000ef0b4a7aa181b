import type { MatrixNumbers } from '../../ui/ConfusionMatrix.tsx';

/** What the cells of a matrix can show. */
export const MATRIX_NUMBERS: readonly { readonly value: MatrixNumbers; readonly label: string }[] = [
  { value: 'counts', label: 'Counts' },
  { value: 'row-percent', label: 'Row %' },
];
