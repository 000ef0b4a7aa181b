import * as v from 'valibot';
import { CodedError } from '../domain/coded-error.ts';

/**
 * Parses a value from outside.
 * @param what the thing being read, for the message: "run", "backbone.json".
 * @throws CodedError 'file-unreadable' naming the first place that is wrong.
 */
export function parseAs<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  what: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  throw new CodedError('file-unreadable', `${what}: ${place === null ? '' : `${place}: `}${issue.message}`);
}

/** Parses JSON text; the same error as `parseAs` when it is none. */
export function parseJson(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new CodedError('file-unreadable', `${what}: not JSON`, { cause });
  }
}
