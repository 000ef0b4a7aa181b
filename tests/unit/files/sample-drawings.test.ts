import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DRAWINGS } from '../../../scripts/samples/drawing-names.ts';

const SETS = ['fluent-emoji-flat', 'noto'].map((set) => {
  const path = new URL(`../../../node_modules/@iconify-json/${set}/icons.json`, import.meta.url);
  return Object.keys(JSON.parse(readFileSync(path, 'utf8')).icons);
});

test('every sample drawing is in both sets, once, and no class has fewer than fifty drawings', () => {
  const names = Object.values(DRAWINGS).flat();
  expect(new Set(names).size).toBe(names.length);
  for (const icons of SETS) expect(names.filter((name) => !icons.includes(name))).toEqual([]);
  for (const own of Object.values(DRAWINGS)) expect(own.length * SETS.length).toBeGreaterThanOrEqual(50);
});
