import * as v from 'valibot';
import { count, finite, identity, text } from './fields.ts';

const milliseconds = v.pipe(finite, v.minValue(0));

const result = v.variant('kind', [
  v.object({
    kind: v.literal('measured'),
    featureLength: count,
    parameterCount: count,
    downloadBytes: count,
    loadMs: milliseconds,
    heldBytes: count,
    singleMs: milliseconds,
    batchMs: milliseconds,
    batchSize: count,
    headMs: milliseconds,
    outcomes: v.pipe(v.string(), v.maxLength(1_000_000), v.regex(/^[01-]*$/, 'not a list of outcomes')),
  }),
  v.object({ kind: v.literal('failed'), reason: text(1000) }),
]);

/** A comparison of networks, as a part of the project's document. */
export const comparisonSchema = v.object({
  datasetFingerprint: text(200),
  resizeMode: v.picklist(['crop', 'squash', 'pad']),
  device: v.object({ backend: text(50), adapter: text(500), threadCount: count }),
  imageCount: count,
  availableCount: count,
  classCount: count,
  foldCount: count,
  endedAtMs: finite,
  rows: v.pipe(
    v.array(v.object({ id: identity, name: text(200), kind: v.picklist(['network', 'pixels', 'untrained']), result })),
    v.maxLength(1000),
    v.readonly(),
  ),
});
