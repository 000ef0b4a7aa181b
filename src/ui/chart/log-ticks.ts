const STEPS: readonly number[] = [1, 2, 5];

/**
 * Ticks 1, 2, 5, 10, 20, 50 ... of a logarithmic axis that holds all values, at least two.
 * @param values more than 0; others are left out.
 */
export function logTicks(values: readonly number[]): number[] {
  const usable = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = Math.min(...usable, 1e9);
  const high = Math.max(...usable, 0);
  if (usable.length === 0) return [1, 10];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power++) {
    for (const step of STEPS) ticks.push(Number((step * 10 ** power).toPrecision(1)));
  }
  const first = ticks.findLastIndex((tick) => tick < low);
  const last = ticks.findIndex((tick) => tick > high);
  return ticks.slice(Math.max(0, first), last + 1);
}
