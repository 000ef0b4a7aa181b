import { type Dataset, EMPTY_DATASET } from '../../../src/domain/dataset.ts';
import { datasetFingerprint } from '../../../src/domain/fingerprint.ts';
import type { Project } from '../../../src/domain/project.ts';
import type { Run, RunArtifacts } from '../../../src/domain/run.ts';
import { whyNotTrain } from '../../../src/features/why-not-train.ts';
import type { Claim } from './long-commands.ts';
import type { EngineHost, OpenPage } from './open-page.ts';
import { applyHead, featuresNow, largestDifference } from './reference.ts';
import type { Settled, Template } from './settled.ts';

/** Heads are applied to exact features here and were to features rounded to half precision there. */
const PROBABILITY_TOLERANCE = 0.03;
const FEATURE_TOLERANCE = 1e-3;

const when = (isFault: boolean, fault: string): string[] => (isFault ? [fault] : []);

/** What every call claimed holds once all has settled, and what none claimed has not happened. */
export function claimFaults(settled: Settled, claims: readonly Claim[], template: Template): string[] {
  const { stored } = settled;
  const faults = claims.flatMap((claim, index) => {
    const beside = claims[1 - index] ?? claim;
    const missing = claim.said === 'done' ? claim.missing(settled, beside) : [];
    return [...claim.faults, ...missing].map((fault) => `${claim.name}: ${fault}`);
  });
  if (claims.some(({ said }) => said === 'pending')) return faults;
  const added = new Set(claims.flatMap(({ addedRunIds }) => addedRunIds));
  const removed = new Set(claims.flatMap(({ removedRunIds }) => removedRunIds));
  for (const [projectId, runs] of stored.runs) {
    const before = template.runIds.get(projectId) ?? [];
    const ids = new Set(runs.map(({ id }) => id));
    const lost = before.filter((id) => !removed.has(id) && !ids.has(id));
    const unclaimed = [...ids].filter((id) => !before.includes(id) && !added.has(id));
    faults.push(...lost.map((id) => `run ${id} was lost`));
    faults.push(...unclaimed.map((id) => `run ${id} is stored though no call said so`));
  }
  return faults;
}

/** What is stored under a backbone's name was computed by it. */
export function backboneFaults({ stored, hashes }: Pick<Settled, 'stored' | 'hashes'>, template: Template): string[] {
  const faults: string[] = [];
  for (const [projectId, runs] of stored.runs) {
    const project = stored.projects.get(projectId);
    if (project === undefined) continue;
    for (const run of runs) faults.push(...runFaults(run, stored.artifacts.get(run.id) ?? null, hashes, template));
    faults.push(...comparisonFaults(project, template), ...searchFaults(project, runs, template));
  }
  return faults;
}

function runFaults(run: Run, artifacts: RunArtifacts | null, hashes: Settled['hashes'], template: Template): string[] {
  const what = `${run.kind} run ${run.id} of ${run.backbone.id}`;
  if (artifacts === null) return [`${what} has no results`];
  if (artifacts.runId !== run.id) return [`${what} has the results of ${artifacts.runId}`];
  const { imageIds, classCount, probabilities } = artifacts.predictions;
  const quiet = template.quiet.get(`${run.backbone.id} ${run.datasetFingerprint}`);
  let worst = 0;
  imageIds.forEach((imageId, row) => {
    const said = probabilities.subarray(row * classCount, (row + 1) * classCount);
    const features = template.features.get(run.backbone.id)?.get(hashes.get(imageId) ?? '');
    const wanted =
      artifacts.head === null
        ? (quiet?.crossValidated.get(imageId) ?? said)
        : applyHead(artifacts.head, features ?? new Float32Array());
    worst = Math.max(worst, largestDifference(said, wanted));
  });
  return when(!(worst <= PROBABILITY_TOLERANCE), `${what}: its predictions are not that backbone's, off by ${worst}`);
}

function comparisonFaults({ comparison }: Project, template: Template): string[] {
  if (comparison === null) return [];
  return comparison.rows.flatMap(({ id, result }) => {
    if (result.kind === 'failed') return [`the comparison's row ${id} failed: ${result.reason}`];
    const quiet = template.quiet.get(`${id} ${comparison.datasetFingerprint}`);
    return when(
      quiet !== undefined && quiet.outcomes !== result.outcomes,
      `the comparison's row ${id} is not that backbone's`,
    );
  });
}

function searchFaults({ search }: Project, runs: readonly Run[], template: Template): string[] {
  if (search === null) return [];
  const { basis, results, runId, settings } = search;
  const quiet = template.quiet.get(`${basis.backboneId} ${basis.datasetFingerprint}`);
  const losses = quiet !== undefined && plain(quiet.settings) === plain(settings) ? quiet.searchLosses : [];
  const isOther = results.some(({ candidateIndex, validationLoss }) => {
    const wanted = losses[candidateIndex];
    return wanted !== undefined && Math.abs((validationLoss ?? 0) - (wanted ?? 0)) > 1e-3;
  });
  const run = runs.find(({ id }) => id === runId);
  return [
    ...when(isOther, `the search's results are not of ${basis.backboneId}`),
    ...when(
      run !== undefined && run.backbone.id !== basis.backboneId,
      `the search on ${basis.backboneId} ended with a run on ${run?.backbone.id}`,
    ),
  ];
}

/** The state says what is stored, what is open and what is current. */
export function stateFaults({ state, stored }: Settled): string[] {
  const { project, runs, artifacts, projects, backbones } = state;
  if (project === null) return ['no project is open'];
  const saved = stored.projects.get(project.id);
  if (saved === undefined) return ['the open project is not stored'];
  const savedRuns = stored.runs.get(project.id) ?? [];
  const { currentRunId } = project;
  const hasModel = runs.some(({ kind }) => kind !== 'cross-validation');
  return [
    ...when(plain(project.dataset) !== plain(saved.dataset), 'the images shown are not those stored'),
    ...when(
      plain(lasting(project)) !== plain(lasting(saved)),
      `the project shown is not the one stored: ${difference(project, saved)}`,
    ),
    ...when(
      plain(byId(runs)) !== plain(byId(savedRuns)),
      `the runs shown (${names(runs)}) are not those stored (${names(savedRuns)})`,
    ),
    ...when(
      currentRunId === null ? hasModel : !runs.some(({ id }) => id === currentRunId),
      `currentRunId ${currentRunId} names none of the runs ${names(runs)}`,
    ),
    ...when((artifacts?.runId ?? null) !== currentRunId, `the results shown are of ${artifacts?.runId}`),
    ...when(
      projects
        .map(({ id }) => id)
        .sort()
        .join() !== [...stored.projects.keys()].sort().join(),
      'the projects listed are not those stored',
    ),
    ...when(backbones.current === null, 'no backbone is in use'),
    ...stored.orphans.map((orphan) => `left behind: ${orphan}`),
    ...[...project.dataset.images.values()].flatMap(({ hash }) =>
      when(!stored.originals.has(hash), `the original of ${hash} is not stored`),
    ),
  ];
}

const byId = (runs: readonly Run[]) => [...runs].sort((one, other) => one.id.localeCompare(other.id));
const names = (runs: readonly Run[]) => runs.map(({ id }) => id.slice(0, 8)).join(' ');

function difference(shown: Project, saved: Project): string {
  const keys = Object.keys(shown) as (keyof Project)[];
  return keys.filter((key) => key !== 'dataset' && plain(shown[key]) !== plain(saved[key])).join(', ');
}

/** Without the images, and without the moment of the last change, which an import shows a little later than it is stored. */
const lasting = (project: Project) => ({ ...project, dataset: null, updatedAtMs: 0 });

/** As text that is the same for equal data, whatever the order of fields. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Map) return [...part.entries()];
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => one.localeCompare(other)));
  });
}

/** The worker holds the backbone that the page names, and training can start where nothing of the data is against it. */
export async function engineFaults(host: EngineHost, page: OpenPage, template: Template): Promise<string[]> {
  const state = page.ctx.store.getState();
  const { current } = state.backbones;
  const [picture] = template.newPictures;
  if (current === null || picture === undefined) return ['no backbone is in use'];
  const wanted = template.features.get(current.id)?.get(picture.hash) ?? new Float32Array();
  const off = largestDifference(await featuresNow(host, page, picture.file), wanted);
  const isFilled = new Set([...(state.project?.dataset.images.values() ?? [])].map(({ classId }) => classId)).size > 1;
  const reason = whyNotTrain(state);
  return [
    ...when(!(off <= FEATURE_TOLERANCE), `the page names ${current.id} and the engine holds another backbone`),
    ...when(isFilled && reason !== null, `training cannot start: ${reason}`),
  ];
}

/** The run in use answers as it did when it was trained. */
export async function answerFaults(page: OpenPage, { stored }: Settled): Promise<string[]> {
  const { project, runs, backbones } = page.ctx.store.getState();
  const run = runs.find(({ id }) => id === project?.currentRunId);
  const artifacts = run === undefined ? null : (stored.artifacts.get(run.id) ?? null);
  if (project === null || run === undefined || artifacts === null || artifacts.head === null) return [];
  if (backbones.current?.id !== run.backbone.id) return [];
  const { imageIds, probabilities, classCount } = artifacts.predictions;
  const row = imageIds.findIndex((id) => project.dataset.images.has(id));
  const item = project.dataset.images.get(imageIds[row] ?? '');
  const image = item === undefined ? null : await page.ctx.storage.originals.get(item.hash);
  if (image === null) return [];
  const answer = await page.commands.classify(image);
  const said = probabilities.subarray(row * classCount, (row + 1) * classCount);
  const off = largestDifference(answer.probabilities, said);
  return when(!(off <= PROBABILITY_TOLERANCE), `run ${run.id} answers otherwise than when it was trained, by ${off}`);
}

/** What a user decides of images, as text. What was found out about them, such as bursts, is no edit and stays. */
function labels({ classes, images }: Dataset): string {
  const decided = [...images.values()].map(({ id, hash, classId, name, lockedPart }) => [
    id,
    hash,
    classId,
    name,
    lockedPart,
  ]);
  return plain({ classes, decided });
}

/** Undoing everything gives the images the project was opened with, and redoing everything those of now. */
export async function undoFaults(page: OpenPage, opened: Dataset): Promise<string[]> {
  const { ctx, commands } = page;
  const dataset = () => labels(ctx.store.getState().project?.dataset ?? EMPTY_DATASET);
  const now = dataset();
  const depth = () => ctx.store.getState().undoDepth;
  const steps = depth();
  for (let left = steps; left > 0; left -= 1) commands.undo();
  const first = dataset();
  const depthFaults = when(depth() !== 0, `${depth()} steps are left after ${steps} times undo`);
  for (let left = steps; left > 0; left -= 1) commands.redo();
  await ctx.session.writes;
  return [
    ...depthFaults,
    ...when(first !== labels(opened), `undoing everything (${steps} steps) does not give the images from before`),
    ...when(dataset() !== now, 'redoing everything does not give the images of now'),
  ];
}

export function fingerprintOf({ dataset, split }: Project): string {
  return datasetFingerprint(dataset, split);
}
