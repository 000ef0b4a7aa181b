/** Two sets of rows on one scale, float32 [rows, length] each. */
interface Standardised {
  readonly train: Float32Array;
  readonly judge: Float32Array;
}

/**
 * Brings every feature to mean 0 and deviation 1 over the training rows, as scikit-learn's StandardScaler does, and the
 * rows to judge with the same two numbers. A feature that never changes becomes 0.
 *
 * @param features float32 [rows, length], row major.
 * @param trainRows positions in `features`; at least one.
 */
export function standardised(
  features: Float32Array,
  length: number,
  trainRows: readonly number[],
  judgeRows: readonly number[],
): Standardised {
  const means = new Float64Array(length);
  const squares = new Float64Array(length);
  const row = (index: number) => features.subarray(index * length, (index + 1) * length);
  const eachValue = (visit: (value: number, column: number) => void) => {
    for (const index of trainRows) row(index).forEach(visit);
  };
  eachValue((value, column) => {
    means[column] = (means[column] ?? 0) + value / trainRows.length;
  });
  eachValue((value, column) => {
    squares[column] = (squares[column] ?? 0) + (value - (means[column] ?? 0)) ** 2 / trainRows.length;
  });
  const factors = squares.map((square) => (square > 0 ? 1 / Math.sqrt(square) : 0));
  const scaled = (rows: readonly number[]) => {
    const target = new Float32Array(rows.length * length);
    rows.forEach((index, position) => {
      row(index).forEach((value, column) => {
        target[position * length + column] = (value - (means[column] ?? 0)) * (factors[column] ?? 0);
      });
    });
    return target;
  };
  return { train: scaled(trainRows), judge: scaled(judgeRows) };
}
