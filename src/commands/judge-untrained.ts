import { imagesToAverage } from '../domain/instant-model.ts';
import type { CommandContext } from './context.ts';
import type { UntrainedSummary } from './graft-api.ts';
import { instantModel } from './instant-model.ts';

/** Judges every image by all others, without training; features that are missing are computed. @throws as `instantModel`. */
export async function judgeUntrained(ctx: CommandContext): Promise<UntrainedSummary> {
  const { backbone, resizeMode } = await instantModel(ctx);
  const { project } = ctx.store.getState();
  if (project === null) throw new Error('No project is open.');
  const { classes, hashes, classIndices } = imagesToAverage(project.dataset);
  const input = { backbone, hashes, classIndices, classCount: classes.length, resizeMode, withNeighbours: true };
  const judged = await ctx.engine.call('instantBaseline', input);
  return {
    imageCount: judged.imageCount,
    judgedCount: judged.judgedCount,
    averagesAccuracyRatio: judged.prototypesRatio,
    neighboursAccuracyRatio: judged.neighboursRatio,
  };
}
