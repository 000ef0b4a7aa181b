/** 1, 2 or 5 times a power of ten: the smallest such step that needs at most `count` of them to reach `range`. */
function roundStep(range: number, count: number): number {
  const rough = range / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Ticks from 0 up to the first round figure at or above `max`. */
export function ticksFromZero(max: number, count = 5): readonly number[] {
  if (!(max > 0) || !Number.isFinite(max)) return [0, 1];
  const step = roundStep(max, count);
  const last = Math.ceil(max / step - 1e-9);
  return Array.from({ length: last + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Whole ticks of an axis that starts at 1: 1, then round figures, then `max` unless it would touch its neighbour. */
export function ticksFromOne(max: number, count = 6): readonly number[] {
  const step = Math.max(1, roundStep(max, count));
  const round = Array.from({ length: Math.floor(max / step) }, (_, index) => (index + 1) * step);
  const inner = round.filter((tick) => tick > 1 + step / 3 && tick < max - step / 3);
  return [...new Set([1, ...inner, max])];
}
