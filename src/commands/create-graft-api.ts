import { classPartsOf, namesText, runCoverage } from '../domain/class-coverage.ts';
import { classByName } from '../domain/class-labels.ts';
import { type ClassifierChoice, choiceSentence } from '../domain/classifier-choice.ts';
import type { ImageId, Part } from '../domain/dataset.ts';
import type { Edit } from '../domain/edits.ts';
import { sameNameGroups } from '../domain/join-classes.ts';
import { macroClassCount, type PartScores, scorePredictions } from '../domain/metrics/scores.ts';
import type { Run, RunArtifacts } from '../domain/run.ts';
import { comparisonWords } from '../domain/run-comparison-words.ts';
import { settingsContrast } from '../domain/run-settings.ts';
import { runRecord } from '../domain/run-table.ts';
import { scoreCautions } from '../domain/score-cautions.ts';
import { idleSettings } from '../domain/setting-purpose.ts';
import { checkSettings } from '../domain/settings-check.ts';
import { collectPicked } from '../files/collect-dropped.ts';
import type { Commands } from './commands.ts';
import { compareBackbones } from './compare-backbones.ts';
import { summariseComparison } from './comparison-summary.ts';
import type { CommandContext } from './context.ts';
import { crossValidate } from './cross-validate.ts';
import { summariseCrossValidation } from './cross-validation-summary.ts';
import { distil } from './distil.ts';
import { addClass, editDataset, moveImages } from './edit-dataset.ts';
import { packModel } from './export-model.ts';
import type {
  ClassScores,
  Evaluation,
  GraftApi,
  ImportSummary,
  ProjectSnapshot,
  RunComparisonSummary,
  TrainSummary,
} from './graft-api.ts';
import { groupHashes, joinImages, splitImages } from './group-images.ts';
import { unwrap } from './job.ts';
import { judgeUntrained } from './judge-untrained.ts';
import { learnCurve, testLearningRates } from './learning-tests.ts';
import { measureCompression } from './measure-compression.ts';
import { addNetwork } from './own-network.ts';
import { continueRun } from './repeat-run.ts';
import { compareRuns, runArtifacts } from './runs.ts';
import { searchSettings } from './search-settings.ts';
import { summariseSearch } from './search-summary.ts';
import { startTraining } from './start-training.ts';

/**
 * The page's commands for scripts.
 * @param opened resolves when the project is open.
 * @param started resolves when storage is open, the engine runs and a network is loaded; rejects when that failed.
 */
export function createGraftApi(
  ctx: CommandContext,
  commands: Commands,
  opened: Promise<void>,
  started: Promise<void>,
): GraftApi {
  return {
    ready: () => started,
    importFiles: async (files, options = {}) => {
      await started;
      return await importFiles(ctx, commands, files, options.className);
    },
    setClasses: async (names) => {
      await opened;
      setClasses(ctx, names);
      return snapshot(ctx);
    },
    relabel: async (hashes, className) => {
      await opened;
      const project = openProject(ctx);
      const label = classByName(project.dataset.classes, className);
      if (label === null) throw new Error(`There is no class “${className}”.`);
      moveImages(ctx, imageIdsOf(ctx, hashes), label.id);
      return snapshot(ctx);
    },
    groups: async () => {
      await opened;
      return groupHashes(openProject(ctx).dataset);
    },
    joinImages: async (hashes) => {
      await opened;
      joinImages(ctx, imageIdsOf(ctx, hashes));
      return groupHashes(openProject(ctx).dataset);
    },
    splitImages: async (hashes) => {
      await opened;
      splitImages(ctx, imageIdsOf(ctx, hashes));
      return groupHashes(openProject(ctx).dataset);
    },
    joinClasses: async (names) => {
      await opened;
      const { classes } = openProject(ctx).dataset;
      const labels = names.map((name) => classByName(classes, name));
      const missing = names.find((_, index) => labels[index] === null);
      if (missing !== undefined) throw new Error(`There is no class “${missing}”.`);
      commands.joinClasses(labels.flatMap((label) => label?.id ?? []));
      return snapshot(ctx);
    },
    useBackbone: async (id) => {
      await started;
      return unwrap(await commands.useBackbone(id));
    },
    addBackbone: async (files, options = {}) => {
      await started;
      return unwrap(await addNetwork(ctx, collectPicked(asFiles(files)), options));
    },
    compareBackbones: async (ids, options = {}) => {
      await started;
      const outcome = await compareBackbones(ctx, { ...options, ...(ids === undefined ? {} : { ids }) });
      return summariseComparison(unwrap(outcome));
    },
    train: async (change, options = {}) => {
      await started;
      return await train(ctx, change ?? {}, options.continueFrom ?? null);
    },
    runs: async () => {
      await opened;
      openProject(ctx);
      return ctx.store.getState().runs.map(runRecord);
    },
    useRun: async (runId) => {
      await opened;
      findRun(ctx, runId);
      await commands.useRun(runId);
      return snapshot(ctx);
    },
    compareRuns: async (firstId, secondId) => {
      await opened;
      return await summariseRuns(ctx, firstId, secondId);
    },
    search: async (plan) => {
      await started;
      const usual = { method: 'random', runs: null, minutes: null, seed: 42 } as const;
      const outcome = unwrap(await searchSettings(ctx, plan === undefined ? null : { ...usual, ...plan }));
      return summariseSearch(outcome, ctx.store.getState().project?.currentRunId ?? null);
    },
    crossValidate: async (change) => {
      await started;
      return summariseCrossValidation(unwrap(await crossValidate(ctx, change)));
    },
    findLearningRate: async () => {
      await started;
      return unwrap(await testLearningRates(ctx));
    },
    learningCurve: async () => {
      await started;
      return unwrap(await learnCurve(ctx));
    },
    evaluate: async (part = 'test') => {
      await opened;
      return evaluate(ctx, part);
    },
    beforeTraining: async () => {
      await started;
      return await judgeUntrained(ctx);
    },
    answerWhileAdding: async (isOn) => {
      await started;
      openProject(ctx);
      commands.answerWhileAdding(isOn);
    },
    classify: async (image) => {
      await started;
      const { classNames, probabilities } = await commands.classify(image);
      return classNames
        .map((className, index) => ({ className, probability: probabilities[index] ?? 0 }))
        .sort((one, other) => other.probability - one.probability);
    },
    distil: async (options) => {
      await started;
      return await describe(ctx, unwrap(await distil(ctx, options)));
    },
    exportModel: async (options = {}) => {
      await started;
      return unwrap(await packModel(ctx, { ...options, kind: options.kind ?? 'whole-model' }));
    },
    measureCompression: async (prunedRatio = 0) => {
      await started;
      return unwrap(await measureCompression(ctx, prunedRatio));
    },
    project: async () => {
      await opened;
      return snapshot(ctx);
    },
    images: async () => {
      await opened;
      const { classes, images } = openProject(ctx).dataset;
      const names = new Map(classes.map(({ id, name }) => [id, name]));
      return [...images.values()].map(({ hash, name, classId }) => ({
        hash,
        name,
        className: names.get(classId) ?? '',
      }));
    },
    memory: async () => {
      await started;
      return await ctx.engine.call('memory', null);
    },
  };
}

function openProject(ctx: CommandContext) {
  const { project } = ctx.store.getState();
  if (project === null) throw new Error('No project is open.');
  return project;
}

/** Every image with one of these contents. */
function imageIdsOf(ctx: CommandContext, hashes: readonly string[]): ImageId[] {
  const wanted = new Set(hashes);
  return [...openProject(ctx).dataset.images.values()].filter(({ hash }) => wanted.has(hash)).map(({ id }) => id);
}

function asFiles(files: Blob | Iterable<Blob>): File[] {
  const list = files instanceof Blob ? [files] : [...files];
  return list.map((file, index) => (file instanceof File ? file : new File([file], `image-${index + 1}`, file)));
}

async function importFiles(
  ctx: CommandContext,
  commands: Commands,
  files: Blob | Iterable<Blob>,
  className: string | undefined,
): Promise<ImportSummary> {
  const startedMs = ctx.now();
  const named = asFiles(files);
  const { classes } = openProject(ctx).dataset;
  const classId = className === undefined ? null : (classByName(classes, className)?.id ?? addClass(ctx, className));
  const outcome = await commands.importFiles(collectPicked(named), { classId });
  if (outcome === null) throw new Error('There are no images among these files, but a backbone. Use addBackbone().');
  const { addedCount, duplicateCount, conflictCount, almostBlackCount, overlaps, rejected } = unwrap(outcome);
  const seconds = (ctx.now() - startedMs) / 1000;
  return { addedCount, duplicateCount, conflictCount, almostBlackCount, overlaps, rejected, seconds };
}

function setClasses(ctx: CommandContext, names: readonly string[]): void {
  for (const name of names) {
    if (classByName(openProject(ctx).dataset.classes, name) === null) addClass(ctx, name);
  }
  const { classes } = openProject(ctx).dataset;
  const kept = names.flatMap((name) => classByName(classes, name)?.id ?? []);
  const edits: Edit[] = classes
    .filter(({ id }) => !kept.includes(id))
    .map(({ id }) => ({ kind: 'delete-class', classId: id }));
  editDataset(ctx, 'Set classes', [...edits, { kind: 'order-classes', classIds: kept }]);
}

async function train(
  ctx: CommandContext,
  change: Parameters<GraftApi['train']>[0] & object,
  continueFrom: string | null,
): Promise<TrainSummary> {
  const { problems } = checkSettings(change);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join(' '));
  const outcome =
    continueFrom === null ? await startTraining(ctx, { change }) : await continueRun(ctx, continueFrom, change);
  const asked = { ...openProject(ctx).settings, ...change };
  const summary = await describe(ctx, unwrap(outcome));
  // A continued run trains a network head, whatever the form says.
  const idle = continueFrom === null ? idleSettings(change, asked) : [];
  if (idle.length === 0) return summary;
  const warning = `${idle.join(', ')}: without effect with this head. Name another one, such as { head: 'network' }.`;
  return { ...summary, warnings: [...summary.warnings, warning] };
}

/** @throws Error when the project has no such run. */
function findRun(ctx: CommandContext, runId: string): Run {
  const run = ctx.store.getState().runs.find(({ id }) => id === runId);
  if (run === undefined) throw new Error(`There is no run “${runId}”. runs() lists them.`);
  return run;
}

async function summariseRuns(ctx: CommandContext, firstId: string, secondId: string): Promise<RunComparisonSummary> {
  const [first, second] = [findRun(ctx, firstId), findRun(ctx, secondId)];
  const comparison = await compareRuns(ctx, firstId, secondId);
  const words = comparisonWords(comparison, [first.name, second.name]);
  return { ...comparison, ...words, settings: settingsContrast(first, second) };
}

/** Of this run, whichever is the current one by now. */
async function describe(ctx: CommandContext, run: Run): Promise<TrainSummary> {
  const artifacts = await runArtifacts(ctx, run);
  if (artifacts === null) throw new Error('The run was deleted.');
  const { perClass, accuracyInterval } = evaluateRun(run, artifacts, 'test');
  const { untested: untestedClasses, untrained: untrainedClasses } = runCoverage(run);
  return {
    runId: run.id,
    end: run.end,
    epochCount: run.curves.length,
    bestEpochIndex: run.bestEpochIndex,
    testAccuracyRatio: run.scores.testAccuracyRatio,
    validationAccuracyRatio: run.scores.validationAccuracyRatio,
    testAccuracyInterval: accuracyInterval,
    beforeTraining: run.beforeTraining,
    prior: run.prior,
    perClass,
    classifier: run.classifier === null ? null : chosenHead(run.classifier),
    fallback: run.fallback,
    untestedClasses,
    untrainedClasses,
    heldOutEdits: run.heldOutEdits,
    warnings: runWarnings(ctx, run),
    seconds: run.seconds,
    backend: run.backend,
    backboneId: run.backbone.id,
    fineTuning: run.guard,
    groups: run.groups,
  };
}

function chosenHead(choice: ClassifierChoice): TrainSummary['classifier'] {
  const candidates = choice.candidates.map(({ head, validationLoss, standardError }) => ({
    head,
    validationLoss,
    standardError,
  }));
  return { chosen: choice.chosen, candidates, sentence: choiceSentence(choice) };
}

function evaluate(ctx: CommandContext, part: Part): Evaluation {
  const { artifacts, runs } = ctx.store.getState();
  const run = runs.find(({ id }) => id === artifacts?.runId);
  if (artifacts === null || run === undefined) throw new Error('There is no trained model yet. Call train() first.');
  return evaluateRun(run, artifacts, part);
}

function evaluateRun(run: Run, artifacts: RunArtifacts, part: Part): Evaluation {
  const scores = scorePredictions(artifacts.predictions, part, run.classes.length);
  const interval = scores.accuracy;
  const any = scores.imageCount > 0;
  return {
    part,
    imageCount: scores.imageCount,
    accuracyRatio: interval?.ratio ?? null,
    accuracyInterval: interval === null ? null : { low: interval.lowRatio, high: interval.highRatio },
    macroClassCount: macroClassCount(scores),
    untestedClasses: any ? namesWithout(run, scores) : [],
    untrainedClasses: run.leftOut.map(({ name }) => name),
    warnings: scoreCautions({ ...run, classParts: classPartsOf(artifacts.predictions) }, part),
    macroF1Ratio: any ? scores.macro.f1Ratio : null,
    weightedF1Ratio: any ? scores.weighted.f1Ratio : null,
    perClass: perClass(run, scores),
    confusion: matrixRows(scores),
  };
}

/** Everything that the page says beside the score, and classes that may be one. */
function runWarnings(ctx: CommandContext, run: Run): string[] {
  const twins = sameNameGroups(openProject(ctx).dataset.classes);
  return [
    ...new Set([...scoreCautions(run, 'test'), ...scoreCautions(run, 'validation')]),
    ...twins.map(
      (labels) => `${namesText(labels.map(({ name }) => name))} differ only in case. joinClasses() makes one of them.`,
    ),
  ];
}

function namesWithout(run: Run, scores: PartScores): string[] {
  return scores.classes.flatMap(({ supportCount, classIndex }) =>
    supportCount === 0 ? [run.classes[classIndex]?.name ?? ''] : [],
  );
}

function perClass(run: Run, scores: PartScores): ClassScores[] {
  return scores.classes.map((score) => ({
    className: run.classes[score.classIndex]?.name ?? '',
    support: score.supportCount,
    precisionRatio: score.precisionDefined ? score.precisionRatio : null,
    recallRatio: score.recallDefined ? score.recallRatio : null,
    f1Ratio: score.f1Defined ? score.f1Ratio : null,
  }));
}

function matrixRows({ matrix }: PartScores): number[][] {
  const { classCount } = matrix;
  return Array.from({ length: classCount }, (_, row) => [
    ...matrix.counts.slice(row * classCount, (row + 1) * classCount),
  ]);
}

function snapshot(ctx: CommandContext): ProjectSnapshot {
  const { engine, runs, backbones } = ctx.store.getState();
  const project = openProject(ctx);
  const { classes, images } = project.dataset;
  const counts = new Map<string, number>();
  for (const { classId } of images.values()) counts.set(classId, (counts.get(classId) ?? 0) + 1);
  return {
    id: project.id,
    name: project.name,
    classes: classes.map(({ id, name }) => ({ id, name, imageCount: counts.get(id) ?? 0 })),
    imageCount: images.size,
    runs: runs.map(({ id, name, scores }) => ({ id, name, testAccuracyRatio: scores.testAccuracyRatio })),
    currentRunId: project.currentRunId,
    backboneId: backbones.current?.id ?? null,
    backend: engine.kind === 'ready' ? engine.device.backend : null,
    settings: project.settings,
  };
}
