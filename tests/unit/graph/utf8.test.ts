import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../../../src/graph/utf8.ts';

/** What the platform makes of it; null where it refuses. */
function platformText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Runs of plain letters, shorter and longer than what is read in one go, between characters of two to four bytes. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.nat(20_000).map((length) => 'a'.repeat(length)),
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''));

describe('UTF-8', () => {
  it('is read as the platform reads it', () => {
    fc.assert(
      fc.property(text, (written) => {
        const bytes = new TextEncoder().encode(written);
        expect(decodeUtf8(bytes)).toBe(platformText(bytes));
      }),
    );
  });

  it('is refused where the platform refuses it', () => {
    const broken = fc.tuple(text, fc.uint8Array({ maxLength: 6 }), text).map(([before, bytes, after]) => {
      const encoder = new TextEncoder();
      return new Uint8Array([...encoder.encode(before), ...bytes, ...encoder.encode(after)]);
    });
    fc.assert(
      fc.property(broken, (bytes) => {
        expect(decodeUtf8(bytes)).toBe(platformText(bytes));
      }),
    );
  });
});
