import { expect, test } from 'vitest';
import { excludedBy, JOB_KINDS, jobInTheWay, jobRule } from '../../../src/state/job-rules.ts';

const LEARNING = ['training', 'search', 'cross-validation', 'learning-rate', 'learning-curve'] as const;

test('one thing at a time learns or compares', () => {
  for (const wanted of [...LEARNING, 'comparison'] as const) {
    for (const there of [...LEARNING, 'comparison', 'import'] as const) expect(jobRule(wanted, there)).toBe('refuse');
  }
});

test('a backbone on its way is given up for whatever uses the one in use', () => {
  for (const wanted of [...LEARNING, 'comparison', 'measuring', 'backbone'] as const) {
    expect(jobRule(wanted, 'backbone')).toBe('replace');
  }
});

test('opening a project ends what belongs to the one before', () => {
  for (const there of [...LEARNING, 'comparison', 'measuring', 'import', 'run', 'project'] as const) {
    expect(jobRule('project', there)).toBe('replace');
  }
});

test('nothing begins in a project that is being left or deleted', () => {
  for (const wanted of [...LEARNING, 'comparison', 'measuring', 'import', 'export', 'run', 'backbone'] as const) {
    expect(jobRule(wanted, 'project')).toBe('wait');
    expect(jobRule(wanted, 'removal')).toBe('wait');
  }
});

test('a download is neither cancelled nor refused', () => {
  for (const wanted of JOB_KINDS) expect(['overlap', 'wait']).toContain(jobRule(wanted, 'export'));
  for (const there of JOB_KINDS) expect(['overlap', 'wait']).toContain(jobRule('export', there));
});

test('imports wait for each other', () => {
  expect(jobRule('import', 'import')).toBe('wait');
});

test('every kind that refuses says why in words of its own', () => {
  for (const there of JOB_KINDS) {
    for (const wanted of excludedBy(there)) {
      expect(jobInTheWay(wanted, [{ kind: there, phase: 'running' }])).toMatch(/\. Wait until .*\.$/);
    }
  }
});

test('a job that is being cancelled is waited for instead of refusing', () => {
  expect(jobInTheWay('training', [{ kind: 'training', phase: 'running' }])).not.toBeNull();
  expect(jobInTheWay('training', [{ kind: 'training', phase: 'cancelling' }])).toBeNull();
});
