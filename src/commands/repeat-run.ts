import { holdsModel, type Run } from '../domain/run.ts';
import { type RunSituation, whyNotContinue, whyNotRetrain } from '../domain/run-obstacles.ts';
import { settingsToRepeat } from '../domain/run-settings.ts';
import type { CommandContext } from './context.ts';
import { notify, reportFailure } from './notices.ts';
import { runArtifacts } from './runs.ts';
import { changeProject } from './save-project.ts';
import { startTraining } from './start-training.ts';

/** Trains a run's head, and tuned stages, further, with the settings in the form. @returns the new run, or null when there is none. */
export async function continueRun(ctx: CommandContext, runId: string): Promise<Run | null> {
  const run = findRun(ctx, runId, whyNotContinue);
  if (run === null) return null;
  try {
    const artifacts = await runArtifacts(ctx, run);
    if (artifacts !== null && holdsModel(artifacts)) return await startTraining(ctx, null, { run, artifacts });
    notify(ctx.store, 'error', `The model of ${run.name} is not in this browser any more.`, 'Train a new run instead.');
  } catch (error) {
    reportFailure(ctx.store, error);
  }
  return null;
}

/**
 * Puts a run's settings and split into the form, trains with them on the images as they are now, and chooses both runs
 * so that the difference shows. @returns the new run, or null when there is none.
 */
export async function retrainRun(ctx: CommandContext, runId: string): Promise<Run | null> {
  const run = findRun(ctx, runId, whyNotRetrain);
  if (run === null) return null;
  changeProject(ctx, { settings: settingsToRepeat(run), resizeMode: run.resizeMode, ...splitOf(run) });
  const again = await startTraining(ctx);
  if (again === null) return null;
  ctx.store.setState(({ tab }) => ({ chosenRunIds: [run.id, again.id], tab: tab === 'live' ? 'runs' : tab }));
  return again;
}

function splitOf({ splitRatios, splitSeed }: Run) {
  if (splitSeed === null) return {};
  const { train, validation, test } = splitRatios;
  return { split: { trainRatio: train, validationRatio: validation, testRatio: test, seed: splitSeed } };
}

/** The run, or null after telling why not. */
function findRun(
  ctx: CommandContext,
  runId: string,
  whyNot: (run: Run, situation: RunSituation) => string | null,
): Run | null {
  const { runs, backbones, training, comparing, tuning } = ctx.store.getState();
  const run = runs.find(({ id }) => id === runId);
  if (run === undefined) return null;
  const isBusy = comparing !== null || tuning !== null || (training.kind !== 'idle' && training.kind !== 'failed');
  const reason = whyNot(run, { backbone: backbones.current, isBusy });
  if (reason === null) return run;
  notify(ctx.store, 'warning', `${run.name} cannot be gone on from now.`, reason);
  return null;
}
