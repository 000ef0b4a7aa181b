/** Signs people group thousands with: comma, point, spaces (plain, no-break, thin, narrow) and apostrophes. */
const GROUPS = /^[1-9]\d{0,2}([,. \u00a0\u2009\u202f'\u2019])\d{3}(?:\1\d{3})*$/;
const PLAIN = /^\d+$/;
/** One comma or point before the fraction; an exponent, as rates are often written. */
const DECIMAL = /^(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d{1,3})?$/i;

/**
 * Reads a number as people type it. In a `whole` field "1,000", "1.000" and "1 000" are a thousand and "1.5" is one and a
 * half (for the field to refuse); "1,00" is refused, because it could be either. In any other field the comma and the
 * point both stand before the fraction, and nothing groups.
 *
 * @returns null when nothing was typed; NaN for anything that is not clearly one decimal number ("0x10", "12px", "1,00,0").
 */
export function parseNumber(text: string, whole: boolean): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const sign = /^[-\u2212]/.test(trimmed) ? -1 : 1;
  const digits = trimmed.replace(/^[-+\u2212]/, '');
  if (PLAIN.test(digits)) return sign * Number(digits);
  if (!whole) return DECIMAL.test(digits) ? sign * Number(digits.replace(',', '.')) : Number.NaN;
  if (GROUPS.test(digits)) return sign * Number(digits.replace(/\D/g, ''));
  const fraction = /^\d+[.,](\d+)$/.exec(digits)?.[1] ?? '';
  const isClearFraction = fraction.length !== 3 && /[1-9]/.test(fraction);
  return isClearFraction ? sign * Number(digits.replace(',', '.')) : Number.NaN;
}
