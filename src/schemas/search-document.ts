import * as v from 'valibot';
import { MAX_RUNS } from '../domain/search.ts';
import { SETTINGS } from '../domain/settings.ts';
import { contentHash, count, finite, identity, text } from './fields.ts';
import { settingsSchema } from './settings-fields.ts';

const value = v.union([finite, v.boolean(), text(100)]);

const settingKey = v.picklist(SETTINGS.map(({ key }) => key));

const range = v.object({
  min: finite,
  max: finite,
  scale: v.exactOptional(v.picklist(['linear', 'log'])),
  count: v.exactOptional(count),
});

const plan = v.object({
  method: v.picklist(['grid', 'random', 'halving']),
  over: v.record(settingKey, v.union([v.pipe(v.array(value), v.readonly()), range])),
  runs: v.nullable(count),
  minutes: v.nullable(finite),
  seed: finite,
});

const result = v.object({
  candidateIndex: count,
  rung: count,
  validationAccuracyRatio: v.nullable(finite),
  validationLoss: v.nullable(finite),
  epochCount: count,
  elapsedMs: finite,
  // Older ones trained no stage.
  stagesKept: v.optional(v.nullable(v.boolean()), null),
  failure: v.nullable(text(200)),
});

/** A search for settings, as a part of the project's document. */
export const searchSchema = v.object({
  plan,
  settings: settingsSchema,
  candidates: v.pipe(v.array(v.record(settingKey, value)), v.maxLength(MAX_RUNS), v.readonly()),
  // Each candidate is trained once a rung at most.
  results: v.pipe(v.array(result), v.maxLength(10 * MAX_RUNS), v.readonly()),
  basis: v.object({
    datasetFingerprint: text(200),
    backboneId: identity,
    backboneSha256: v.optional(v.nullable(contentHash), null),
    resizeMode: v.picklist(['crop', 'squash', 'pad']),
  }),
  startedAtMs: finite,
  elapsedMs: finite,
  runId: v.nullable(identity),
});
