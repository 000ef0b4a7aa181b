import { corrupt } from './graph-error.ts';

/** A parsed JSON object. Read it through `field`, so that inherited names such as `__proto__` are never taken for data. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** True for a JSON object, false for null and arrays. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own field, or undefined. */
export function field(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** @throws GraphError 'backbone-corrupt' when the value is no object. */
export function requireRecord(value: unknown, what: string): JsonRecord {
  if (!isRecord(value)) throw corrupt(`${what} is missing or not an object.`);
  return value;
}

/** A copy without holes. @throws GraphError 'backbone-corrupt' when the value is no array. */
export function requireList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw corrupt(`${what} is missing or not a list.`);
  return [...value];
}

/** @throws GraphError 'backbone-corrupt' when the value is no text. */
export function requireText(value: unknown, what: string): string {
  if (typeof value !== 'string') throw corrupt(`${what} is missing or not a text.`);
  return value;
}

/** @throws GraphError 'backbone-corrupt' when the value is no finite number. */
export function requireNumber(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw corrupt(`${what} is missing or not a number.`);
  return value;
}

/** An integer from `least` to `most`. @throws GraphError 'backbone-corrupt' otherwise. */
export function requireInteger(value: unknown, what: string, least: number, most: number): number {
  const number = requireNumber(value, what);
  if (!Number.isInteger(number) || number < least || number > most) {
    throw corrupt(`${what} is ${number}; a whole number from ${least} to ${most} was expected.`);
  }
  return number;
}

/** @throws GraphError 'backbone-corrupt' when the text is no JSON. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw corrupt(`${what} is not readable JSON.`);
  }
}
