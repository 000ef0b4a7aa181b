import * as v from 'valibot';
import { checkSettings } from '../domain/settings-check.ts';

/** Settings from anywhere, made usable: what is missing or wrong gets its default. */
export const settingsSchema = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((values) => checkSettings(values).settings),
);
