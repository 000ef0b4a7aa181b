/**
 * A ratio 0-1 in percent, with a no-break space. Rounding never makes it all or nothing: 0.996 is ">99 %" without digits,
 * 0.004 "<1 %".
 */
export function percentOf(ratio: number, digits = 0): string {
  const text = (ratio * 100).toFixed(digits);
  const step = 10 ** -digits;
  if (ratio < 1 && Number(text) >= 100) return `>${(100 - step).toFixed(digits)}\u00a0%`;
  if (ratio > 0 && Number(text) === 0) return `<${step.toFixed(digits)}\u00a0%`;
  return `${text}\u00a0%`;
}
