import { expect, test, vi } from 'vitest';
import { classify } from '../../../src/commands/classify.ts';
import type { CommandContext } from '../../../src/commands/context.ts';
import { editDataset } from '../../../src/commands/edit-dataset.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { answerWhileAdding, followImages } from '../../../src/commands/instant-model.ts';
import { newProject, openProject } from '../../../src/commands/projects.ts';
import type { DroppedFile } from '../../../src/files/dropped-file.ts';
import { clearEngineStorage, endEngine, noiseImage, startTestEngine } from '../../helpers/browser/engine.ts';
import { trainingJob } from '../../helpers/browser/sample-jobs.ts';
import { trainedState } from '../../helpers/browser/sample-states.ts';
import { commandContext, dropped } from './command-fixture.ts';

const { engine: READY, backbones: LOADED } = trainedState();

/** Answers of an engine that has features of everything, and averages that never say anything but class 0. */
const PREPARED: Parameters<typeof commandContext>[0] = {
  missingFeatures: async () => [],
  instantBaseline: async ({ hashes, classCount }) => ({
    imageCount: hashes.length,
    judgedCount: 0,
    prototypesRatio: null,
    neighboursRatio: null,
    head: {
      layers: [
        {
          kernel: new Float32Array(2 * classCount),
          bias: new Float32Array(classCount),
          inputLength: 2,
          outputLength: classCount,
          activation: 'softmax',
        },
      ],
    },
  }),
  useHead: async () => null,
  classify: async () => ({ probabilities: Float32Array.of(1, 0), elapsedMs: 1 }),
};

/** A page that follows its images, with one image in each of two classes. */
async function context(
  answers: Parameters<typeof commandContext>[0] = {},
  around: (engine: CommandContext['engine']) => CommandContext['engine'] = (engine) => engine,
): Promise<CommandContext> {
  const plain = await commandContext({ ...PREPARED, ...answers });
  const ctx: CommandContext = { ...plain, engine: around(plain.engine) };
  ctx.store.setState({ engine: READY, backbones: LOADED });
  ctx.store.subscribe(() => followImages(ctx));
  await importFiles(ctx, dropped({ 'cat/1.png': 'one', 'dog/2.png': 'two' }), { classId: null });
  return ctx;
}

const shown = (ctx: CommandContext) => ctx.store.getState().instant?.model ?? null;
const photo = () => new Blob(['photo']);

test('in a real engine averages answer from one image a class on, and follow the images when asked to', async () => {
  await clearEngineStorage();
  const client = await startTestEngine('wasm');
  const ctx: CommandContext = { ...(await commandContext()), engine: client.client };
  ctx.store.setState({ engine: READY, backbones: { ...LOADED, current: client.report } });
  ctx.store.subscribe(() => followImages(ctx));
  const images = await Promise.all([1, 2, 3].map((seed) => noiseImage(seed)));
  async function* filesAs(names: Readonly<Record<string, number>>): AsyncGenerator<DroppedFile> {
    for (const [path, index] of Object.entries(names)) yield { path, blob: images[index] ?? new Blob() };
  }
  const [cat = new Blob(), dog = new Blob(), bird = new Blob()] = images;
  await importFiles(ctx, filesAs({ 'cat/a.png': 0 }), { classId: null });
  await expect(classify(ctx, cat)).rejects.toMatchObject({ code: 'head-missing' });
  await importFiles(ctx, filesAs({ 'dog/b.png': 1 }), { classId: null });
  const tensorCount = async () => (await client.call('memory', null)).tensorCount;
  const tensorsBefore = await tensorCount();
  for (const [index, image] of [cat, dog].entries()) {
    const { classNames, probabilities } = await classify(ctx, image);
    expect(classNames).toEqual(['cat', 'dog']);
    expect(probabilities[index]).toBeGreaterThan(0.5);
  }
  expect(shown(ctx)).toMatchObject({ imageCount: 2, judgedCount: 0, accuracyRatio: null });
  expect(await tensorCount()).toBe(tensorsBefore);

  answerWhileAdding(ctx, true);
  await importFiles(ctx, filesAs({ 'bird/c.png': 2 }), { classId: null });
  await vi.waitFor(() => expect(shown(ctx)?.imageCount).toBe(3));
  const { classNames, probabilities } = await classify(ctx, bird);
  expect(classNames[probabilities.indexOf(Math.max(...probabilities))]).toBe('bird');
  endEngine(client);
});

test('with the switch off nothing is computed until an image is tried', async () => {
  const ctx = await context();
  expect(ctx.session.instant).toBeNull();
  await classify(ctx, photo());
  expect(shown(ctx)?.imageCount).toBe(2);
});

test('a training run takes the device: what is being prepared ends at once, and goes on when the run is over', async () => {
  const asked: AbortSignal[] = [];
  let isFree = false;
  const ctx = await context({}, (engine) => ({
    ...engine,
    call: (method, input, options) => {
      if (method !== 'missingFeatures' || isFree) return engine.call(method, input, options);
      const signal = options?.signal;
      if (signal !== undefined) asked.push(signal);
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  }));
  answerWhileAdding(ctx, true);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  ctx.store.setState({ jobs: [trainingJob({ kind: 'evaluating' })] });
  expect(asked[0]?.aborted).toBe(true);
  await expect(classify(ctx, photo())).rejects.toMatchObject({ code: 'device-busy' });
  expect(asked).toHaveLength(1);
  isFree = true;
  ctx.store.setState({ jobs: [] });
  await vi.waitFor(() => expect(shown(ctx)?.imageCount).toBe(2));
});

test('while the device is busy the averages made before answer', async () => {
  const ctx = await context();
  await classify(ctx, photo());
  const before = shown(ctx);
  ctx.store.setState({ jobs: [trainingJob({ kind: 'evaluating' })] });
  editDataset(ctx, 'Rename', [{ kind: 'rename-class', classId: before?.classes[0]?.id ?? '', name: 'tiger' }]);
  expect((await classify(ctx, photo())).classNames).toEqual(['cat', 'dog']);
  expect(shown(ctx)).toBe(before);
});

test('a failure is told and not tried again by itself, but by the switch', async () => {
  let failures = 0;
  const ctx = await context({
    missingFeatures: async () => {
      failures += 1;
      throw Object.assign(new Error('x'), { code: 'disk-full' });
    },
  });
  answerWhileAdding(ctx, true);
  await vi.waitFor(() => expect(ctx.store.getState().instant?.problem).toContain('disk space'));
  ctx.store.setState({ tab: 'runs' });
  await Promise.resolve();
  expect(failures).toBe(1);
  answerWhileAdding(ctx, true);
  await vi.waitFor(() => expect(failures).toBe(2));
});

test('the switch belongs to the project and is there when it is opened again', async () => {
  const ctx = await context();
  const { project } = ctx.store.getState();
  answerWhileAdding(ctx, true);
  await vi.waitFor(() => expect(shown(ctx)?.imageCount).toBe(2));
  await newProject(ctx, 'Another');
  expect(ctx.store.getState()).toMatchObject({ instant: null, project: { answersWhileAdding: false } });
  await openProject(ctx, project?.id ?? '');
  expect(ctx.store.getState().project?.answersWhileAdding).toBe(true);
  await vi.waitFor(() => expect(shown(ctx)?.imageCount).toBe(2));
});
