import * as v from 'valibot';
import { CodedError } from '../domain/coded-error.ts';
import { parseAs } from './checked.ts';

/** A stored document of any version. */
export type StoredDocument = Readonly<Record<string, unknown>>;

/** Step n (from 0) turns version n + 1 into version n + 2. Steps are never changed once released, only added. */
export type Migration = (document: StoredDocument) => StoredDocument;

const versioned = v.looseObject({ schemaVersion: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/**
 * Brings a document to the current version, which is one more than there are steps.
 * @throws CodedError 'file-unreadable' for something without a version, or from a newer Graft.
 */
export function migrate(raw: unknown, steps: readonly Migration[], what: string): StoredDocument {
  const document = parseAs(versioned, raw, what);
  const current = steps.length + 1;
  if (document.schemaVersion > current) {
    throw new CodedError('file-unreadable', `${what}: made by a newer version of Graft`);
  }
  const pending = steps.slice(document.schemaVersion - 1);
  const migrated = pending.reduce<StoredDocument>((older, step) => step(older), document);
  return { ...migrated, schemaVersion: current };
}
