/** Each row is compared with at most so many behind it in a band, so that a crowd of like rows costs no square. */
const WINDOW = 32;

/**
 * Pairs of rows with the same key, and in crowds those that stand next to each other by `order`: each pair is visited once
 * for a band, `first` < `second` not guaranteed.
 *
 * @param keys of every row, whole numbers below 2^16. @param order decides who stands beside whom among rows of one key.
 */
export function visitBand(keys: Uint16Array, order: Uint32Array, visit: (first: number, second: number) => void): void {
  const count = keys.length;
  // Sorted as one number: the key, then 17 bits of the order, then the row.
  const sorted = Float64Array.from(keys, (key, row) => (key * 2 ** 17 + ((order[row] ?? 0) >>> 15)) * 2 ** 20 + row);
  sorted.sort();
  const rowAt = (position: number) => (sorted[position] ?? 0) % 2 ** 20;
  for (let position = 0; position < count; position += 1) {
    const first = rowAt(position);
    const end = Math.min(count, position + 1 + WINDOW);
    for (let next = position + 1; next < end; next += 1) {
      const second = rowAt(next);
      if (keys[first] !== keys[second]) break;
      visit(first, second);
    }
  }
}
