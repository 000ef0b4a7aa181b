import type { Run } from '../domain/run.ts';
import { whyNotTeach } from '../domain/run-obstacles.ts';
import { checkTeaching, DEFAULT_TEACHING, type TeachingSettings } from '../domain/teaching.ts';
import { jobInTheWay } from '../state/job-rules.ts';
import { switchBackbone } from './backbones.ts';
import type { CommandContext } from './context.ts';
import { failureOf, type Outcome, Refusal } from './job.ts';
import { notify, reportFailure } from './notices.ts';
import { startTraining } from './start-training.ts';

export interface DistilOptions extends Partial<TeachingSettings> {
  readonly teacherRunId: string;
  /** The network to teach; the one in use when absent. */
  readonly backboneId?: string;
}

/**
 * Trains a head on a backbone, mostly a smaller one, with the answers of an earlier run beside the labels. The teacher's
 * backbone is not needed: its run holds what it said of every image. Only the head learns from it, whatever the settings
 * say of fine-tuning.
 */
export async function distil(ctx: CommandContext, options: DistilOptions): Promise<Outcome<Run>> {
  const outcome = await distilled(ctx, options).catch(failureOf);
  if (outcome.kind === 'refused') notify(ctx.store, 'warning', 'Nothing was distilled.', outcome.reason);
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
  return outcome;
}

/** Trainings tell of themselves; what keeps one from starting is thrown. */
async function distilled(ctx: CommandContext, options: DistilOptions): Promise<Outcome<Run>> {
  const { project, runs, jobs } = ctx.store.getState();
  const teacher = runs.find(({ id }) => id === options.teacherRunId);
  if (project === null || teacher === undefined) throw new Refusal('There is no such run in this project.');
  const obstacle = whyNotTeach(teacher, { inTheWay: jobInTheWay('training', jobs) });
  if (obstacle !== null) throw new Refusal(obstacle);
  if (project.settings.head !== 'network' && project.settings.head !== 'auto')
    throw new Refusal('Only a head that is a network can be taught. Choose it in the settings.');
  const teaching = checkTeaching({
    temperature: options.temperature ?? DEFAULT_TEACHING.temperature,
    weight: options.weight ?? DEFAULT_TEACHING.weight,
  });
  const artifacts = await ctx.storage.runs.artifacts(project.id, teacher.id);
  if (artifacts === null) throw new Refusal(`What ${teacher.name} said of the images is not there any more.`);
  const { backboneId } = options;
  if (backboneId !== undefined && backboneId !== ctx.store.getState().backbones.current?.id) {
    const switched = await switchBackbone(ctx, backboneId);
    if (switched.kind !== 'done') return switched;
  }
  if (ctx.store.getState().project?.id !== project.id) {
    return { kind: 'cancelled', reason: 'It was given up because another project was opened.' };
  }
  const lesson = { teacher, predictions: artifacts.predictions, teaching };
  // Automatic is a network here: no other head learns from answers.
  const settings = { ...project.settings, head: 'network', fineTuneStages: 0 } as const;
  return await startTraining(ctx, { settings, lesson });
}
