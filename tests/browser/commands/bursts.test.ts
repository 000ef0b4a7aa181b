import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { redo, undo } from '../../../src/commands/edit-dataset.ts';
import { joinImages, regroupImages, splitImages } from '../../../src/commands/group-images.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { unwrap } from '../../../src/commands/job.ts';
import { openProject } from '../../../src/commands/projects.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import { groupsOf } from '../../../src/domain/groups.ts';
import { scorePredictions } from '../../../src/domain/metrics/scores.ts';
import type { Run } from '../../../src/domain/run.ts';
import { type BurstFrame, burstPhotos, recordedName } from '../../helpers/browser/burst-photos.ts';
import { clearEngineStorage, endEngine, startTestEngine, type TestEngine } from '../../helpers/browser/engine.ts';
import { commandContext } from './command-fixture.ts';

const SCENES = 8;
const FRAMES = 10;
/** Drawn once, four scenes each. */
const classOf = (scene: number) => ('abbabaab'[scene] === 'a' ? 'a' : 'b');

let engine: TestEngine;
beforeAll(async () => {
  await clearEngineStorage();
  engine = await startTestEngine('cpu');
});
afterAll(() => endEngine(engine));

/** A page with a real engine and these frames, in an order that scenes do not follow. */
async function pageWith(nameOf: (scene: number, frame: number) => string) {
  const fixture = await commandContext();
  const ctx: CommandContext = { ...fixture, engine: engine.client };
  const device = { ...(await engine.call('start', { wanted: 'cpu' })) };
  ctx.store.setState((state) => ({
    engine: { kind: 'ready', device },
    backbones: { ...state.backbones, current: engine.report },
  }));
  const frames = await burstPhotos(SCENES, FRAMES, classOf, nameOf);
  await importFiles(ctx, asDropped(frames), { classId: null });
  return { ctx, sceneOf: new Map(frames.map(({ path, scene }) => [path, scene])) };
}

async function* asDropped(frames: readonly BurstFrame[]): AsyncGenerator<BurstFrame> {
  for (let frame = 0; frame < FRAMES; frame += 1) {
    for (let scene = 0; scene < SCENES; scene += 1) {
      const found = frames[scene * FRAMES + frame];
      if (found !== undefined) yield found;
    }
  }
}

function dataset(ctx: CommandContext) {
  const { project } = ctx.store.getState();
  if (project === null) throw new Error('a project is open');
  return project.dataset;
}

const groupSizes = (ctx: CommandContext) => groupsOf(dataset(ctx)).groups.map(({ imageIds }) => imageIds.length);

/** Held-out images that have a frame of their own scene in training. */
function leakedCount(ctx: CommandContext, sceneOf: ReadonlyMap<string, number>): number {
  const { artifacts } = ctx.store.getState();
  const { imageIds = [], parts = [] } = artifacts?.predictions ?? {};
  const scenes = imageIds.map((id) => sceneOf.get(dataset(ctx).images.get(id)?.path ?? ''));
  const learnt = new Set(scenes.filter((_, row) => parts[row] === 'train'));
  return scenes.filter((scene, row) => parts[row] !== 'train' && learnt.has(scene)).length;
}

function testScores(ctx: CommandContext, run: Run) {
  const { artifacts } = ctx.store.getState();
  if (artifacts === null) throw new Error('the run is there');
  return scorePredictions(artifacts.predictions, 'test', run.classes.length);
}

describe.each([
  ['whose names say when they were taken', recordedName],
  [
    'without a word in their names',
    (scene: number, frame: number) => `IMG_${(scene * 37 + frame * 11) % 997}-${scene}-${frame}.jpg`,
  ],
])('bursts %s', (_, nameOf) => {
  test('are never both learnt from and tested, and what cannot be learnt scores near chance', async () => {
    const { ctx, sceneOf } = await pageWith(nameOf);
    const run = unwrap(await startTraining(ctx));
    expect(leakedCount(ctx, sceneOf)).toBe(0);
    const { imageCount, independentCount, accuracy } = testScores(ctx, run);
    expect(imageCount).toBeGreaterThanOrEqual(FRAMES);
    expect(independentCount).toBeLessThanOrEqual(imageCount / FRAMES + 1e-9);
    expect(accuracy?.lowRatio).toBeLessThan(0.5);
    expect(accuracy?.highRatio).toBeGreaterThan(0.5);
    expect(run.groups).toEqual({ groupCount: SCENES, groupedImageCount: SCENES * FRAMES, straddlingCount: 0 });
  });
});

test('groups taken apart and joined survive undo, redo and a reload', async () => {
  const { ctx } = await pageWith(recordedName);
  const [first, second] = groupsOf(dataset(ctx)).groups;
  if (first === undefined || second === undefined) throw new Error('there are bursts');
  const whole = Array.from({ length: SCENES }, () => FRAMES);
  expect(groupSizes(ctx)).toEqual(whole);

  splitImages(ctx, first.imageIds);
  expect(groupSizes(ctx)).toEqual(whole.slice(1));
  undo(ctx);
  expect(groupSizes(ctx)).toEqual(whole);
  redo(ctx);
  joinImages(ctx, [second.imageIds[0] ?? '', first.imageIds[0] ?? '']);
  expect(groupSizes(ctx).sort((one, other) => other - one)[0]).toBe(FRAMES + 1);

  const shown = groupsOf(dataset(ctx)).groups;
  const projectId = ctx.store.getState().project?.id ?? '';
  await ctx.session.writes;
  await openProject(ctx, projectId);
  expect(groupsOf(dataset(ctx)).groups).toEqual(shown);
  regroupImages(ctx, [...first.imageIds, ...second.imageIds]);
  expect(groupSizes(ctx)).toEqual(whole);
});

test('near-copies stay noted after a reload and are not looked for twice', async () => {
  const { ctx } = await pageWith((scene, frame) => `${scene}x${frame}.jpg`);
  expect(groupSizes(ctx)).toEqual([]);
  await startTraining(ctx);
  const found = groupsOf(dataset(ctx)).groups;
  expect(found).toHaveLength(SCENES);
  const calls: string[] = [];
  const watched: CommandContext = {
    ...ctx,
    engine: {
      ...engine.client,
      call: (method, input, options) => {
        calls.push(method);
        return engine.client.call(method, input, options);
      },
    },
  };
  await startTraining(watched);
  expect(calls).not.toContain('nearCopies');
  await ctx.session.writes;
  await openProject(ctx, ctx.store.getState().project?.id ?? '');
  expect(groupsOf(dataset(ctx)).groups).toEqual(found);
});
