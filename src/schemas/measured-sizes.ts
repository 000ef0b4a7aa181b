import * as v from 'valibot';
import { MOST_PRUNED_RATIO, WEIGHT_ENCODINGS } from '../domain/compression.ts';
import { count, finite } from './fields.ts';

const measuredCompression = v.object({
  compression: v.object({
    encoding: v.picklist(WEIGHT_ENCODINGS),
    prunedRatio: v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_PRUNED_RATIO)),
  }),
  weightBytes: count,
  downloadBytes: count,
  imageMs: v.nullable(finite),
  answers: v.nullable(
    v.object({ imageCount: count, correctCountBefore: count, correctCountAfter: count, changedCount: count }),
  ),
});

/** Measured sizes of a run. What cannot be read is measured again: no run is lost over it. */
export const measuredSizes = v.fallback(
  v.nullable(
    v.object({
      method: count,
      networkSha256: v.pipe(v.string(), v.maxLength(200)),
      rows: v.pipe(v.array(measuredCompression), v.maxLength(1000)),
    }),
  ),
  null,
);
