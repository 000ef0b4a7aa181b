import { expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { createCommands } from '../../../src/commands/create-commands.ts';
import { createGraftApi } from '../../../src/commands/create-graft-api.ts';
import { lockImages } from '../../../src/commands/edit-dataset.ts';
import type { GraftApi } from '../../../src/commands/graft-api.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { obstacleText, trainingObstacle } from '../../../src/commands/training-obstacle.ts';
import { whyNotCrossValidate, whyNotTrain } from '../../../src/features/why-not-train.ts';
import { backboneReport } from '../../helpers/browser/backbone-report.ts';
import { commandContext, dropped } from './command-fixture.ts';

const apiOf = (ctx: CommandContext) => createGraftApi(ctx, createCommands(ctx), Promise.resolve(), Promise.resolve());

const CALLS: readonly [string, (api: GraftApi) => Promise<unknown>][] = [
  ['train', (api) => api.train()],
  ['crossValidate', (api) => api.crossValidate()],
  ['search', (api) => api.search({ over: { dropout: [0, 0.5] } })],
  ['findLearningRate', (api) => api.findLearningRate()],
  ['learningCurve', (api) => api.learningCurve()],
  ['compareBackbones', (api) => api.compareBackbones()],
];

async function withImages(...paths: readonly string[]): Promise<CommandContext> {
  const ctx = await commandContext();
  ctx.store.setState({ engine: READY });
  await importFiles(ctx, dropped(Object.fromEntries(paths.map((path) => [path, path]))), { classId: null });
  return ctx;
}

const READY = {
  kind: 'ready',
  device: { backend: 'wasm', adapter: '', softwareAdapter: false, threadCount: 1, chosenByUser: false, probes: [] },
} as const;

test.each(CALLS)('graft.%s refuses one class with the sentence of the page', async (_, call) => {
  const ctx = await withImages('only/1.png', 'only/2.png', 'only/3.png', 'only/4.png', 'only/5.png', 'only/6.png');
  await expect(call(apiOf(ctx))).rejects.toThrow(/^Only one class has images\. Add images to a second class\.$/);
  expect(whyNotTrain(ctx.store.getState())).toBe('Only one class has images. Add images to a second class.');
  expect(ctx.store.getState().runs).toEqual([]);
});

test('two classes are too few when only one has training images', async () => {
  const ctx = await withImages('a/1.png', 'a/2.png', 'b/1.png', 'b/2.png');
  const { project } = ctx.store.getState();
  const ids = [...(project?.dataset.images.values() ?? [])].filter(({ path }) => path.startsWith('b/'));
  lockImages(
    ctx,
    ids.map(({ id }) => id),
    'test',
  );
  const text = /^There are too few images to train on\. Add images so that at least two classes/;
  await expect(apiOf(ctx).train()).rejects.toThrow(text);
  ctx.store.setState(({ backbones }) => ({
    backbones: { ...backbones, loading: null, current: backboneReport() },
  }));
  expect(whyNotTrain(ctx.store.getState())).toMatch(text);
  // Folds take images of every part.
  expect(whyNotCrossValidate(ctx.store.getState())).toBeNull();
});

test('every obstacle says one thing and has a code', async () => {
  const ctx = await commandContext();
  const obstacle = trainingObstacle(ctx.store.getState());
  expect(obstacle).toMatchObject({ code: 'too-few-classes', advice: '' });
  expect(obstacle === null ? '' : obstacleText(obstacle)).toBe('Add at least two classes with images first.');
});
