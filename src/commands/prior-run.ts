import type { PriorRun } from '../domain/prior-run.ts';
import { hasNoModel } from '../domain/run.ts';
import { compareJudged, type JudgedRun } from '../domain/run-comparison.ts';
import type { CommandContext } from './context.ts';
import { errorText } from './error-text.ts';
import { notify } from './notices.ts';
import { runArtifacts } from './runs.ts';

/**
 * The run whose model is in use, beside a run about to be kept. Null where no model is in use. Where its answers cannot be
 * read, the user is told so and no image counts as shared.
 */
export async function priorRunOf(ctx: CommandContext, projectId: string, judged: JudgedRun): Promise<PriorRun | null> {
  const { project, runs } = ctx.store.getState();
  const run = project?.id === projectId ? runs.find(({ id }) => id === project.currentRunId) : undefined;
  if (run === undefined || hasNoModel(run)) return null;
  const none: PriorRun = { runId: run.id, sharedCount: 0, onlyThisCount: 0, onlyPriorCount: 0 };
  try {
    const artifacts = await runArtifacts(ctx, run);
    if (artifacts === null) return none;
    const { sharedCount, onlyFirstCount, onlySecondCount } = compareJudged(judged, {
      classes: run.classes,
      predictions: artifacts.predictions,
    });
    return { runId: run.id, sharedCount, onlyThisCount: onlyFirstCount, onlyPriorCount: onlySecondCount };
  } catch (error) {
    const { title, advice } = errorText(error);
    notify(
      ctx.store,
      'warning',
      `The new run could not be compared with ${run.name}.`,
      `It is kept. ${title} ${advice}`,
    );
    return none;
  }
}
