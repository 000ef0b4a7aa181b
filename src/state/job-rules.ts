import type { Job, JobKind, LearningKind } from './jobs.ts';

/**
 * What a new job does about one that is there already: the two run side by side, the new one waits for the other's end,
 * it is refused, or the other is cancelled and its end waited for.
 */
export type JobRule = 'overlap' | 'wait' | 'refuse' | 'replace';

/** Jobs that are there, by what a new one does about them; it overlaps with all others. */
type Rules = Readonly<Partial<Record<Exclude<JobRule, 'overlap'>, readonly JobKind[]>>>;

/** What has the device to itself and can be stopped with what it learnt. */
export const LEARNING_KINDS: readonly LearningKind[] = [
  'training',
  'search',
  'cross-validation',
  'learning-rate',
  'learning-curve',
];

/** Learning and comparing need all images and the device to themselves; a backbone on its way is given up for them. */
const DEVICE_ALONE: Rules = {
  refuse: ['import', ...LEARNING_KINDS, 'comparison'],
  replace: ['backbone', 'measuring'],
  wait: ['device', 'project', 'removal'],
};

const TABLE: Readonly<Record<JobKind, Rules>> = {
  backbone: {
    refuse: [...LEARNING_KINDS, 'comparison'],
    replace: ['backbone', 'measuring'],
    wait: ['device', 'project', 'removal'],
  },
  device: {
    refuse: ['import', ...LEARNING_KINDS],
    replace: ['backbone', 'comparison', 'measuring'],
    wait: ['device', 'export', 'project-file'],
  },
  import: { wait: ['device', 'import', 'project', 'removal'] },
  training: DEVICE_ALONE,
  search: DEVICE_ALONE,
  'cross-validation': DEVICE_ALONE,
  'learning-rate': DEVICE_ALONE,
  'learning-curve': DEVICE_ALONE,
  comparison: DEVICE_ALONE,
  measuring: {
    refuse: [...LEARNING_KINDS, 'comparison', 'measuring'],
    replace: ['backbone'],
    wait: ['device', 'project', 'removal'],
  },
  export: { wait: ['device', 'export', 'project', 'removal'] },
  'project-file': { wait: ['device', 'project-file'] },
  run: { replace: ['run'], wait: ['project', 'removal'] },
  project: {
    replace: ['import', ...LEARNING_KINDS, 'comparison', 'measuring', 'run', 'project'],
    wait: ['export', 'removal'],
  },
  removal: { wait: ['export', 'project', 'removal'] },
};

/** What is said of a job that stands in the way. */
const IN_THE_WAY: Readonly<Partial<Record<JobKind, string>>> = {
  import: 'Images are still being added. Wait until they are in.',
  training: 'A training run is using the device. Wait until it has ended, or stop it.',
  search: 'A search is using the device. Wait until it has ended, or stop it.',
  'cross-validation': 'A cross-validation is using the device. Wait until it has ended, or stop it.',
  'learning-rate': 'The learning-rate test is using the device. Wait until it has ended, or cancel it.',
  'learning-curve': 'The learning curve is using the device. Wait until it has ended, or stop it.',
  comparison: 'A comparison of backbones is running. Wait until it has ended, or stop it.',
  measuring: 'A measurement is running already. Wait until it has ended, or stop it.',
};

/** What a new job of the kind `wanted` does about one of the kind `there`. */
export function jobRule(wanted: JobKind, there: JobKind): JobRule {
  const { refuse = [], replace = [], wait = [] } = TABLE[wanted];
  if (refuse.includes(there)) return 'refuse';
  if (replace.includes(there)) return 'replace';
  return wait.includes(there) ? 'wait' : 'overlap';
}

/** Kinds that are refused while one of the kind `there` runs. */
export function excludedBy(there: JobKind): readonly JobKind[] {
  return JOB_KINDS.filter((wanted) => jobRule(wanted, there) === 'refuse');
}

/** Every kind there is. */
export const JOB_KINDS = Object.keys(TABLE) as readonly JobKind[];

/**
 * Why a job cannot begin now, as sentences with what to do; null when it can, at once or after waiting. A job that is
 * being cancelled is no reason: its end is waited for.
 */
export function jobInTheWay(wanted: JobKind, jobs: readonly Pick<Job, 'kind' | 'phase'>[]): string | null {
  const obstacle = jobs.find(({ kind, phase }) => phase !== 'cancelling' && jobRule(wanted, kind) === 'refuse');
  return obstacle === undefined
    ? null
    : (IN_THE_WAY[obstacle.kind] ?? 'Something else is running. Wait until it has ended.');
}
