import type { Run } from '../domain/run.ts';
import { whyNotTeach } from '../domain/run-obstacles.ts';
import { checkTeaching, DEFAULT_TEACHING, type TeachingSettings } from '../domain/teaching.ts';
import { switchBackbone } from './backbones.ts';
import type { CommandContext } from './context.ts';
import { notify, reportFailure } from './notices.ts';
import { startTraining } from './start-training.ts';

export interface DistilOptions extends Partial<TeachingSettings> {
  readonly teacherRunId: string;
  /** The network to teach; the one in use when absent. */
  readonly backboneId?: string;
}

/**
 * Trains a head on a network, mostly a smaller one, with the answers of an earlier run beside the labels. The teacher's
 * network is not needed: its run holds what it said of every image. Only the head is taught, whatever the settings say of
 * fine-tuning.
 *
 * @returns the run, null when training was cancelled or failed, which the page shows, or why it did not start.
 */
export async function distil(ctx: CommandContext, options: DistilOptions): Promise<Run | null | string> {
  const { project, runs } = ctx.store.getState();
  const teacher = runs.find(({ id }) => id === options.teacherRunId);
  if (project === null || teacher === undefined) return 'There is no such run in this project.';
  const obstacle = whyNotTeach(teacher, { isBusy: ctx.session.training !== null });
  if (obstacle !== null) return obstacle;
  if (project.settings.head !== 'network')
    return 'Only a head that is a network can be taught. Choose it in the settings.';
  const teaching = checkTeaching({
    temperature: options.temperature ?? DEFAULT_TEACHING.temperature,
    weight: options.weight ?? DEFAULT_TEACHING.weight,
  });
  const artifacts = await ctx.storage.runs.artifacts(project.id, teacher.id);
  if (artifacts === null) return `What ${teacher.name} said of the images is not there any more.`;
  const { backboneId } = options;
  const { current } = ctx.store.getState().backbones;
  const isOther = backboneId !== undefined && backboneId !== current?.id;
  const backbone = isOther ? await switchBackbone(ctx, backboneId) : current;
  if (isOther && backbone === null) return 'The network to teach could not be loaded.';
  const lesson = { teacher, predictions: artifacts.predictions, teaching };
  const settings = { ...project.settings, fineTuneStages: 0 };
  return startTraining(ctx, { settings, kind: 'head', lesson, ...(backbone === null ? {} : { backbone }) });
}

/** The same for the page, which shows the training and is told why nothing starts. */
export async function distilOnPage(ctx: CommandContext, options: DistilOptions): Promise<void> {
  try {
    const outcome = await distil(ctx, options);
    if (typeof outcome === 'string') notify(ctx.store, 'warning', 'No network was taught.', outcome);
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}
