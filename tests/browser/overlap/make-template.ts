import type { SearchPlan } from '../../../src/domain/search.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { copyDatabase, pasteDatabase, readStored } from './databases.ts';
import { readTensors } from './export-faults.ts';
import { fingerprintOf } from './invariants.ts';
import { type EngineHost, loadBackbone, type OpenPage, openPage } from './open-page.ts';
import { CLASS_NAMES, drawPictures, type PoolPicture } from './pictures.ts';
import { BACKBONE_IDS, computeFeatures } from './reference.ts';
import { type QuietResults, type Template, whatStillRuns } from './settled.ts';

/** Few epochs at a high rate: a head that says much about few pictures, in little time. */
const SETTINGS = {
  head: 'network',
  epochs: 4,
  learningRate: 0.3,
  hiddenUnits: 0,
  dropout: 0,
  patience: 0,
  warmupRatio: 0,
  cosineDecay: false,
} as const;
const SEARCH: SearchPlan = { method: 'grid', over: { learningRate: [0.1, 0.4] }, runs: null, minutes: null, seed: 1 };
/** Of the latest run: what tries settings in a pair tries those that were tried in peace. */
const LAST_SEED = 2;
const PICTURES_PER_CLASS = 7;
const NEW_PICTURES_PER_CLASS = 3;

/** Makes what every pair starts from, by the page's own commands with nothing running beside them. */
export async function makeTemplate(host: EngineHost): Promise<Template> {
  const pictures = await drawPictures(0, PICTURES_PER_CLASS);
  const newPictures = await drawPictures(PICTURES_PER_CLASS, NEW_PICTURES_PER_CLASS);
  const page = await openPage(host, `graft-overlap-${crypto.randomUUID()}`);
  const features = await computeFeatures(host, page, [...pictures, ...newPictures]);
  const secondId = await makeProject(page, pictures.slice(0, 5 * CLASS_NAMES.length), ['alike-b']);
  await page.commands.newProject('First');
  const firstId = await makeProject(page, pictures, ['alike-a', 'alike-b', 'alike-a']);
  await whatStillRuns(page);
  await page.close();
  const database = await copyDatabase(page.databaseName);
  const stored = await readStored(page.databaseName);
  indexedDB.deleteDatabase(page.databaseName);
  return {
    database,
    firstId,
    secondId,
    runIds: new Map([...stored.runs].map(([projectId, runs]) => [projectId, runs.map(({ id }) => id)])),
    settings: { ...SETTINGS, seed: LAST_SEED },
    searchPlan: SEARCH,
    candidateCount: 2,
    newPictures,
    features,
    backboneTensors: await backboneTensors(),
    quiet: await quietResults(host, database),
  };
}

/** Fills the open project with pictures and a run by each of these backbones. @returns its id. */
async function makeProject(
  page: OpenPage,
  pictures: readonly PoolPicture[],
  backboneIds: readonly string[],
): Promise<string> {
  const { ctx, graft } = page;
  await graft.importFiles(pictures.map(({ file }) => file));
  for (const [seed, id] of backboneIds.entries()) {
    await loadBackbone(page, id);
    await graft.train({ ...SETTINGS, seed });
  }
  return ctx.store.getState().project?.id ?? '';
}

/** The edit that every pair begins with, so that there is one to undo. */
export async function relabelFirstImage({ ctx, graft }: OpenPage): Promise<void> {
  const { classes, images } = ctx.store.getState().project?.dataset ?? { classes: [], images: new Map() };
  const [item] = images.values();
  const label = classes.find(({ id }) => id !== item?.classId);
  if (item !== undefined && label !== undefined) await graft.relabel([item.hash], label.name);
}

/** Of every backbone on the images before the edit and after it. */
async function quietResults(host: EngineHost, database: Template['database']): Promise<Template['quiet']> {
  const quiet = new Map<string, QuietResults>();
  const page = await openPage(host, await pasteDatabase(database));
  for (const isEdited of [false, true]) {
    if (isEdited) await relabelFirstImage(page);
    for (const id of BACKBONE_IDS) {
      const { project } = page.ctx.store.getState();
      if (project !== null) quiet.set(`${id} ${fingerprintOf(project)}`, await quietResult(page, id));
    }
  }
  await page.close();
  indexedDB.deleteDatabase(page.databaseName);
  return quiet;
}

async function quietResult(page: OpenPage, id: string): Promise<QuietResults> {
  const { ctx, graft } = page;
  await loadBackbone(page, id);
  const { runId } = await graft.crossValidate({ folds: 2 });
  const projectId = ctx.store.getState().project?.id ?? '';
  const predictions = (await ctx.storage.runs.artifacts(projectId, runId))?.predictions;
  const crossValidated = new Map<string, readonly number[]>();
  predictions?.imageIds.forEach((imageId, row) => {
    const { classCount, probabilities } = predictions;
    crossValidated.set(imageId, Array.from(probabilities.subarray(row * classCount, (row + 1) * classCount)));
  });
  await graft.search(SEARCH);
  const { results = [], settings = DEFAULT_SETTINGS } = ctx.store.getState().project?.search ?? {};
  await graft.compareBackbones([id], { baselines: false });
  const row = ctx.store.getState().project?.comparison?.rows.find((other) => other.id === id);
  return {
    settings,
    crossValidated,
    searchLosses: results.map(({ validationLoss }) => validationLoss),
    outcomes: row?.result.kind === 'measured' ? row.result.outcomes : 'failed',
  };
}

async function backboneTensors(): Promise<Template['backboneTensors']> {
  const tensors = BACKBONE_IDS.map(async (id) => {
    const folder = `${location.origin}/tests/fixtures/overlap/backbones/${id}`;
    const [model, weights] = await Promise.all([fetch(`${folder}/model.json`), fetch(`${folder}/weights.bin`)]);
    return [id, await readTensors(await model.json(), await weights.blob())] as const;
  });
  return new Map(await Promise.all(tensors));
}
