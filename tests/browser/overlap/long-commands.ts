import { type Outcome, unwrap } from '../../../src/commands/job.ts';
import type { RandomStream } from '../../../src/domain/random.ts';
import { sleep, within } from './blocked-thread.ts';
import { exportFaults } from './export-faults.ts';
import { loadBackbone, type OpenPage } from './open-page.ts';
import { BACKBONE_IDS } from './reference.ts';
import type { Settled, Template } from './settled.ts';

/** Beyond it a call counts as one that never ends. */
const CALL_LIMIT_MS = 60_000;
/** Cancels and stops come at a moment of this stretch. */
const LATEST_CANCEL_MS = 200;

/** What a call said of itself when it ended. */
export interface Claim {
  readonly name: string;
  /** `told`: it was refused, cancelled or failed, and said so. */
  readonly said: 'done' | 'told' | 'pending';
  readonly words: string;
  readonly addedRunIds: readonly string[];
  readonly removedRunIds: readonly string[];
  /** What was wrong already when it ended. */
  readonly faults: readonly string[];
  /** What of its effect is missing once everything has settled. @param beside what the command beside it claims. */
  readonly missing: (settled: Settled, beside: Claim) => readonly string[];
}

/** A pair's surroundings: an open page whose project has images, runs and an edit to undo. */
export interface Scene {
  readonly page: OpenPage;
  readonly random: RandomStream;
  readonly template: Template;
  /** The command that starts after this one; null for the second of a pair. The later choice of the user holds. */
  readonly isFollowedBy: string | null;
}

type Done = Partial<Pick<Claim, 'addedRunIds' | 'removedRunIds' | 'faults' | 'missing'>>;

interface LongCommand {
  readonly name: string;
  /** Rejects with words where it was refused, cancelled or failed. */
  readonly run: (scene: Scene) => Promise<Done>;
}

/** They replace the open project, so that what belongs to the one before may be out of sight or gone. */
const LEAVES_PROJECT: ReadonlySet<string> = new Set(['switch project', 'new project', 'delete project']);
/** They leave the choice of the run in use alone. */
const KEEPS_CHOICE: ReadonlySet<string> = new Set([
  'load backbone',
  'cancel load',
  'import',
  'undo',
  'relabel',
  'compare',
  'measure',
  'export',
  'classify',
]);
const LOADS: ReadonlySet<string> = new Set([...LEAVES_PROJECT, 'load backbone', 'cancel load']);

function pick<T>(random: RandomStream, choices: readonly T[]): T {
  const choice = choices[random.below(choices.length)];
  if (choice === undefined) throw new Error('nothing to choose from');
  return choice;
}

const openId = ({ ctx }: OpenPage) => ctx.store.getState().project?.id ?? '';
const runIds = ({ ctx }: OpenPage) => ctx.store.getState().runs.map(({ id }) => id);
const when = (isFault: boolean, fault: string): string[] => (isFault ? [fault] : []);
const soon = (random: RandomStream) => sleep(random.uniform() ** 2 * LATEST_CANCEL_MS);

/** Runs a command of the page that resolves in any case: without its effect there must be a message. */
async function orTold(
  page: OpenPage,
  work: () => Promise<Outcome<unknown> | null>,
  isDone: () => boolean,
): Promise<void> {
  const before = page.told.length;
  const outcome = await work();
  if (outcome !== null) unwrap(outcome);
  if (isDone()) return;
  const words = page.told.slice(before).join(' ');
  throw new Error(words === '' ? 'SILENCE: it resolved without its effect and without a word' : words);
}

/** A run that was added is stored with its project, and current unless something else was chosen since. */
function withRun(page: OpenPage, runId: string, isCurrent: boolean): Done {
  const projectId = openId(page);
  return {
    addedRunIds: [runId],
    missing: ({ stored, state }, beside) => {
      if (beside.name === 'delete project' || beside.removedRunIds.includes(runId)) return [];
      const isStored = stored.runs.get(projectId)?.some(({ id }) => id === runId) ?? false;
      const isOpen = state.project?.id === projectId;
      return [
        ...when(!isStored && !LEAVES_PROJECT.has(beside.name), `run ${runId} is not stored`),
        ...when(
          isCurrent && isOpen && KEEPS_CHOICE.has(beside.name) && state.project?.currentRunId !== runId,
          `run ${runId} is not the current one`,
        ),
      ];
    },
  };
}

async function train({ page, template }: Scene): Promise<Done> {
  const { runId, backboneId } = await page.graft.train(template.settings);
  const done = withRun(page, runId, true);
  return { ...done, faults: when(backboneId === 'unknown', 'train names no backbone') };
}

export const LONG_COMMANDS: readonly LongCommand[] = [
  {
    name: 'load backbone',
    run: async ({ page, random }) => {
      const id = pick(random, BACKBONE_IDS);
      const report = await loadBackbone(page, id);
      return {
        faults: when(report.id !== id, `useBackbone(${id}) resolved with ${report.id}`),
        missing: ({ state }, beside) =>
          when(!LOADS.has(beside.name) && state.backbones.current?.id !== id, `${id} was loaded and is not in use`),
      };
    },
  },
  {
    name: 'cancel load',
    run: async ({ page, random }) => {
      const load = loadBackbone(page, pick(random, BACKBONE_IDS));
      load.catch(() => undefined);
      await soon(random);
      page.commands.cancelBackboneDownload();
      await load;
      return {};
    },
  },
  {
    name: 'import',
    run: async ({ page, random, template }) => {
      const from = random.below(template.newPictures.length - 4);
      const pictures = template.newPictures.slice(from, from + 4);
      const projectId = openId(page);
      const summary = await page.graft.importFiles(pictures.map(({ file }) => file));
      const { addedCount, duplicateCount, rejected } = summary;
      const count = addedCount + duplicateCount + rejected.length;
      return {
        faults: when(count !== pictures.length, `of ${pictures.length} files it told of ${count}`),
        missing: ({ stored }, beside) => {
          if (rejected.length > 0 || beside.name === 'undo' || beside.name === 'delete project') return [];
          const there = new Set(
            [...(stored.projects.get(projectId)?.dataset.images.values() ?? [])].map(({ hash }) => hash),
          );
          const lostCount = pictures.filter(({ hash }) => !there.has(hash)).length;
          return when(lostCount > 0, `${lostCount} of ${pictures.length} imported images are not stored`);
        },
      };
    },
  },
  { name: 'train', run: train },
  {
    name: 'stop training',
    run: async (scene) => {
      const training = train(scene);
      training.catch(() => undefined);
      await soon(scene.random);
      scene.page.commands.stopTraining();
      return await training;
    },
  },
  {
    name: 'cancel training',
    run: async (scene) => {
      const training = train(scene);
      training.catch(() => undefined);
      await soon(scene.random);
      scene.page.commands.cancelTraining();
      return await training;
    },
  },
  {
    name: 'search',
    run: async ({ page, template }) => {
      const projectId = openId(page);
      const { runId, triedCount } = await page.graft.search(template.searchPlan);
      return {
        ...(runId === null ? {} : { addedRunIds: [runId] }),
        missing: ({ stored }, beside) => {
          // Stopped, it resolves with what is done so far.
          if (beside.name === 'stop training') return [];
          const record = stored.projects.get(projectId)?.search ?? null;
          const isOutOfSight = LEAVES_PROJECT.has(beside.name) || beside.name === 'search';
          return [
            ...when(triedCount < template.candidateCount, `search resolved with ${triedCount} candidates`),
            ...when(runId === null, 'search resolved without a run'),
            ...when(!isOutOfSight && record?.runId !== runId, 'the finished search is not stored'),
          ];
        },
      };
    },
  },
  {
    name: 'cross-validate',
    run: async ({ page }) => {
      const { runId, judgedFoldCount } = await page.graft.crossValidate({ folds: 2 });
      return {
        ...withRun(page, runId, false),
        faults: when(judgedFoldCount < 2, `${judgedFoldCount} folds were judged`),
      };
    },
  },
  {
    name: 'compare',
    run: async ({ page }) => {
      const projectId = openId(page);
      const { backbones } = await page.graft.compareBackbones(BACKBONE_IDS, { baselines: false });
      return {
        faults: when(backbones.length < BACKBONE_IDS.length, `compare resolved with ${backbones.length} rows`),
        missing: ({ stored }, beside) => {
          const rows = stored.projects.get(projectId)?.comparison?.rows ?? [];
          return when(
            beside.name !== 'delete project' && rows.length < backbones.length,
            `${rows.length} rows are stored`,
          );
        },
      };
    },
  },
  {
    name: 'measure',
    run: async ({ page }) => {
      const runId = page.ctx.store.getState().project?.currentRunId ?? '';
      const projectId = openId(page);
      const figures = await page.graft.measureCompression();
      return {
        faults: when(figures.length < 4, `measure resolved with ${figures.length} of 4 figures`),
        missing: ({ stored }, beside) => {
          if (beside.name === 'delete project' || beside.name === 'delete run') return [];
          const run = stored.runs.get(projectId)?.find(({ id }) => id === runId);
          const count = run?.measuredSizes?.rows.length ?? 0;
          return when(count < figures.length, `${count} of ${figures.length} figures are stored`);
        },
      };
    },
  },
  {
    name: 'export',
    run: async ({ page, random, template }) => ({
      faults: await exportFaults(
        await page.graft.exportModel({ kind: random.below(3) === 0 ? 'whole-model' : 'head-only' }),
        template.features,
        template.backboneTensors,
      ),
    }),
  },
  {
    name: 'switch project',
    run: async ({ page, template, isFollowedBy }) => {
      const { secondId } = template;
      const isLeftAgain = LEAVES_PROJECT.has(isFollowedBy ?? '');
      const open = () => page.commands.openProject(secondId);
      await orTold(page, open, () => isLeftAgain || openId(page) === secondId);
      return {
        missing: ({ state }) => when(!isLeftAgain && state.project?.id !== secondId, 'the other project is not open'),
      };
    },
  },
  {
    name: 'open run',
    run: async ({ page, random, isFollowedBy }) => {
      const projectId = openId(page);
      const runId = pick(random, runIds(page));
      const isChosenAgain = isFollowedBy !== null && !KEEPS_CHOICE.has(isFollowedBy);
      const isCurrent = () => isChosenAgain || page.ctx.store.getState().project?.currentRunId === runId;
      await orTold(page, () => page.commands.useRun(runId), isCurrent);
      return {
        missing: ({ stored }, beside) => {
          const currentRunId = stored.projects.get(projectId)?.currentRunId;
          const holds = KEEPS_CHOICE.has(beside.name) || (isFollowedBy === null && beside.name === 'open run');
          return when(holds && currentRunId !== runId, `run ${runId} was opened and is not current`);
        },
      };
    },
  },
  {
    name: 'delete run',
    run: async ({ page, random }) => {
      const runId = pick(random, runIds(page));
      await orTold(
        page,
        () => page.commands.deleteRun(runId).then(() => null),
        () => !runIds(page).includes(runId),
      );
      return {
        removedRunIds: [runId],
        missing: ({ stored }) =>
          when(
            [...stored.runs.values()].some((runs) => runs.some(({ id }) => id === runId)),
            `run ${runId} was deleted and is stored`,
          ),
      };
    },
  },
  {
    name: 'undo',
    run: async ({ page }) => {
      const { ctx, commands } = page;
      const before = ctx.store.getState();
      commands.undo();
      const after = ctx.store.getState();
      const isSame = before.project?.dataset === after.project?.dataset;
      return { faults: when(before.undoDepth > 0 && isSame, 'undo changed nothing') };
    },
  },
  {
    name: 'relabel',
    run: async ({ page, random }) => {
      const projectId = openId(page);
      const { dataset } = page.ctx.store.getState().project ?? {};
      const item = pick(random, [...(dataset?.images.values() ?? [])]);
      const label = pick(random, dataset?.classes.filter(({ id }) => id !== item.classId) ?? []);
      await page.graft.relabel([item.hash], label.name);
      return {
        missing: ({ stored }, beside) => {
          if (['undo', 'delete project', 'relabel'].includes(beside.name)) return [];
          const classId = stored.projects.get(projectId)?.dataset.images.get(item.id)?.classId;
          return when(classId !== label.id, 'an image that was relabelled has its old label');
        },
      };
    },
  },
  {
    name: 'new project',
    run: async ({ page, template, isFollowedBy }) => {
      const isLeftAgain = LEAVES_PROJECT.has(isFollowedBy ?? '');
      const isNew = (id: string) => id !== '' && id !== template.firstId && id !== template.secondId;
      await orTold(
        page,
        () => page.commands.newProject('Another').then(() => null),
        () => isLeftAgain || isNew(openId(page)),
      );
      return {
        missing: ({ state, stored }, beside) => [
          ...when(
            beside.name !== 'delete project' && ![...stored.projects.keys()].some(isNew),
            'the new project is not stored',
          ),
          ...when(!isLeftAgain && !isNew(state.project?.id ?? ''), 'the new project is not open'),
        ],
      };
    },
  },
  {
    name: 'delete project',
    run: async ({ page }) => {
      const projectId = openId(page);
      const isListed = () => page.ctx.store.getState().projects.some(({ id }) => id === projectId);
      await orTold(
        page,
        () => page.commands.deleteProject(projectId).then(() => null),
        () => !isListed(),
      );
      return {
        missing: ({ state, stored }) =>
          when(
            stored.projects.has(projectId) || state.project?.id === projectId,
            'a project that was deleted is there',
          ),
      };
    },
  },
  {
    name: 'classify',
    run: async ({ page, random, template }) => {
      const answers = await page.graft.classify(pick(random, template.newPictures).file);
      const sum = answers.reduce((total, { probability }) => total + probability, 0);
      return { faults: when(!(Math.abs(sum - 1) < 1e-3), `probabilities sum to ${sum}`) };
    },
  },
];

/** Words that say something else than what happened. */
const UNTRUE_WORDS = [/There is no network/, /cancelled, could not start, or is running already/, /did not start/];

/** Starts a command, and gives what it claims once it has ended. Never rejects. */
export async function start(name: string, scene: Scene): Promise<Claim> {
  const command = LONG_COMMANDS.find((other) => other.name === name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  const nothing = { name, words: '', addedRunIds: [], removedRunIds: [], faults: [], missing: () => [] };
  const pending: Claim = { ...nothing, said: 'pending', faults: [`no end within ${CALL_LIMIT_MS / 1000} s`] };
  const ended = Promise.resolve()
    .then(() => command.run(scene))
    .then(
      (done): Claim => ({ ...nothing, ...done, said: 'done' }),
      (error: unknown): Claim => ({ ...nothing, said: 'told', ...toldBy(error) }),
    );
  return await within(CALL_LIMIT_MS, ended, pending);
}

function toldBy(error: unknown): Pick<Claim, 'words' | 'faults'> {
  const words = error instanceof Error ? error.message : String(error);
  const isUntrue = words === '' || words.startsWith('SILENCE') || UNTRUE_WORDS.some((untrue) => untrue.test(words));
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return { words, faults: [...when(isUntrue, `said: ${words}`), ...when(isBug, `a bug: ${words}`)] };
}
