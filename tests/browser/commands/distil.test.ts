import { expect, test } from 'vitest';
import { distil } from '../../../src/commands/distil.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import { commandContext, done, dropped, TINY_OUTPUT } from './command-fixture.ts';

/** 12 images in two classes; every training is recorded, and every image is answered with 0.75 for its row's parity. */
async function page() {
  const trained: EngineCalls['train']['input'][] = [];
  const ctx = await commandContext({
    missingFeatures: async () => [],
    train: async (input) => {
      trained.push(input);
      return TINY_OUTPUT;
    },
    predictFromAverages: async ({ rows }) => new Int32Array(rows.parts.length),
    predict: async ({ hashes }) =>
      Float32Array.from(hashes.flatMap((_, row) => (row % 2 === 0 ? [0.75, 0.25] : [0.25, 0.75]))),
  });
  const files = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`${index % 2}/${index}.png`, `image ${index}`]),
  );
  await importFiles(ctx, dropped(files), { classId: null });
  return { ctx, trained };
}

test('a taught run gets the answers of its teacher, image by image, and says who taught it', async () => {
  const { ctx, trained } = await page();
  const teacher = await done(startTraining(ctx));
  const run = await done(distil(ctx, { teacherRunId: teacher.id, temperature: 4, weight: 0.25 }));
  expect(run.kind).toBe('head');
  expect(run.note).toMatch(/^Taught by Run 1 [^.]*, temperature 4, weight 0\.25\.$/);
  expect(ctx.store.getState().notices).toEqual([]);
  expect(trained[0]?.teaching).toBeNull();
  const { teaching, rows } = trained[1] ?? {};
  expect(teaching).toMatchObject({ temperature: 4, weight: 0.25 });
  const first = rows?.hashes.flatMap((_, row) => (row % 2 === 0 ? [0.75, 0.25] : [0.25, 0.75]));
  expect([...(teaching?.probabilities ?? [])]).toEqual(first);
});

test('what cannot teach or be taught is refused with a reason, and nothing is trained', async () => {
  const { ctx, trained } = await page();
  await expect(done(distil(ctx, { teacherRunId: 'nobody' }))).rejects.toThrow('no such run');
  const teacher = await done(startTraining(ctx));
  const { project } = ctx.store.getState();
  if (project === null) throw new Error('no project');
  ctx.store.setState({ project: { ...project, settings: { ...project.settings, head: 'logistic' } } });
  await expect(done(distil(ctx, { teacherRunId: teacher.id }))).rejects.toThrow('Only a head that is a network');
  expect(trained).toHaveLength(1);
});

test('test images that the teacher learnt from are told, and noted with the run', async () => {
  const { ctx, trained } = await page();
  const teacher = await done(startTraining(ctx));
  const { project } = ctx.store.getState();
  if (project === null) throw new Error('no project');
  changeProject(ctx, { split: { ...project.split, seed: 7 } });
  const run = await done(distil(ctx, { teacherRunId: teacher.id }));
  const [before, now] = trained.map(({ rows }) => rows.parts);
  const isSeen = (part: string, row: number) => part === 'test' && before?.[row] !== 'test';
  const seenCount = now?.filter(isSeen).length ?? 0;
  expect(seenCount).toBeGreaterThan(0);
  const words = `${seenCount} of the ${now?.filter((part) => part === 'test').length} test images were not kept from Run 1`;
  expect(ctx.store.getState().notices.map(({ title }) => title)).toEqual([expect.stringContaining(words)]);
  expect(run.note).toContain(words);
});
