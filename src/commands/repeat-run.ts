import { holdsModel, type Run } from '../domain/run.ts';
import { type RunSituation, whyNotContinue, whyNotRetrain } from '../domain/run-obstacles.ts';
import { settingsToRepeat } from '../domain/run-settings.ts';
import type { TrainingSettings } from '../domain/settings.ts';
import { abortError } from '../rpc/abort-error.ts';
import { jobInTheWay } from '../state/job-rules.ts';
import type { CommandContext } from './context.ts';
import { failureOf, type Outcome, Refusal } from './job.ts';
import { notify, reportFailure } from './notices.ts';
import { runArtifacts } from './runs.ts';
import { changeProject } from './save-project.ts';
import { startTraining } from './start-training.ts';

/** Trains a run's head, and tuned stages, further, with the settings in the form, changed by `change`. */
export async function continueRun(
  ctx: CommandContext,
  runId: string,
  change?: Partial<TrainingSettings>,
): Promise<Outcome<Run>> {
  try {
    const run = findRun(ctx, runId, whyNotContinue);
    const artifacts = await runArtifacts(ctx, run);
    if (ctx.store.getState().project?.id !== run.projectId) throw abortError();
    if (artifacts === null || !holdsModel(artifacts)) {
      throw new Refusal(`The model of ${run.name} is not in this browser any more. Train a new run instead.`);
    }
    return await startTraining(ctx, { origin: { run, artifacts }, ...(change === undefined ? {} : { change }) });
  } catch (error) {
    return tellRefusal(ctx, error);
  }
}

/**
 * Puts a run's settings and split into the form, trains with them on the images as they are now, and chooses both runs
 * so that the difference shows.
 */
export async function retrainRun(ctx: CommandContext, runId: string): Promise<Outcome<Run>> {
  try {
    const run = findRun(ctx, runId, whyNotRetrain);
    changeProject(ctx, { settings: settingsToRepeat(run), resizeMode: run.resizeMode, ...splitOf(run) });
    const outcome = await startTraining(ctx);
    if (outcome.kind !== 'done' || ctx.store.getState().project?.id !== run.projectId) return outcome;
    const chosenRunIds = [run.id, outcome.value.id];
    ctx.store.setState(({ tab }) => ({ chosenRunIds, tab: tab === 'live' ? 'runs' : tab }));
    return outcome;
  } catch (error) {
    return tellRefusal(ctx, error);
  }
}

function tellRefusal(ctx: CommandContext, error: unknown): Outcome<Run> {
  const outcome = failureOf(error);
  if (outcome.kind === 'refused') notify(ctx.store, 'warning', 'Training did not start.', outcome.reason);
  if (outcome.kind === 'failed') reportFailure(ctx.store, error);
  return outcome;
}

function splitOf({ splitRatios, splitSeed }: Run) {
  if (splitSeed === null) return {};
  const { train, validation, test } = splitRatios;
  return { split: { trainRatio: train, validationRatio: validation, testRatio: test, seed: splitSeed } };
}

/** @throws Refusal when the run is not there or cannot be used now. */
function findRun(
  ctx: CommandContext,
  runId: string,
  whyNot: (run: Run, situation: RunSituation) => string | null,
): Run {
  const { runs, backbones, jobs } = ctx.store.getState();
  const run = runs.find(({ id }) => id === runId);
  if (run === undefined) throw new Refusal('There is no such run in this project.');
  const reason = whyNot(run, { backbone: backbones.current, inTheWay: jobInTheWay('training', jobs) });
  if (reason !== null) throw new Refusal(`${run.name}: ${reason}`);
  return run;
}
