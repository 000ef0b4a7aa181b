import { excludedBy } from '../../../src/state/job-rules.ts';
import type { Job, JobKind, JobProgress } from '../../../src/state/jobs.ts';

/** A job that runs, as the page shows it. */
export function sampleJob<K extends JobKind>(
  kind: K,
  progress: JobProgress[K],
  change: Partial<Pick<Job, 'phase' | 'isStopping'>> = {},
): Job {
  const base = {
    id: `sample-${kind}`,
    projectId: 'sample',
    phase: 'running',
    canStop: true,
    isStopping: false,
  } as const;
  // The compiler does not connect `kind` with `progress` of a union by a type parameter.
  return { ...base, excludes: excludedBy(kind), ...change, kind, progress } as Job;
}

/** A training at this step. */
export function trainingJob(training: JobProgress['training']['training']): Job {
  return sampleJob('training', { training, tuning: null });
}
