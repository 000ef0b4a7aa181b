import * as v from 'valibot';

/** Text for people; longer than `limit` characters is cut rather than refused, so that no project is lost over a name. */
export const text = (limit: number) =>
  v.pipe(
    v.string(),
    v.transform((value) => value.slice(0, limit)),
  );

/** Identity used as a key. */
export const identity = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** SHA-256 as lower-case hexadecimal. */
export const contentHash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256'));

/** Whole number from 0 on. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const ratio = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

export const finite = v.pipe(v.number(), v.finite());

/** JSON has no NaN and writes null instead. */
export const numberOrNaN = v.pipe(
  v.union([v.number(), v.nan(), v.null()]),
  v.transform((value) => value ?? Number.NaN),
);

export const part = v.picklist(['train', 'validation', 'test']);

export const partLock = v.picklist(['train', 'validation', 'test', 'train-or-validation']);

export const heldOutEdits = v.object({ relabelledCount: count, deletedCount: count });

export const partCounts = v.object({ train: count, validation: count, test: count });

export const partRatios = v.object({ train: ratio, validation: ratio, test: ratio });
