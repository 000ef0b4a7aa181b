import { toCsv } from '../domain/csv.ts';
import { DEFAULT_SETTINGS } from '../domain/settings.ts';
import { checkSettings } from '../domain/settings-check.ts';
import { downloadBlob } from '../files/download-blob.ts';
import { augmentSamples } from './augment-samples.ts';
import { switchBackbone } from './backbones.ts';
import { classify } from './classify.ts';
import type { Commands } from './commands.ts';
import type { CommandContext } from './context.ts';
import * as edits from './edit-dataset.ts';
import { estimateFineTuning } from './estimate-fine-tuning.ts';
import * as groups from './group-images.ts';
import { importOrBring } from './import-or-bring.ts';
import { answerWhileAdding } from './instant-model.ts';
import { cancelFirst, cancelJobs, stopJobs } from './job.ts';
import { dismissNotice } from './notices.ts';
import { bringNetwork, closeBroughtNetwork, removeBackbone, useBroughtNetwork } from './own-network.ts';
import { openProjectFile, saveProjectFile } from './project-file.ts';
import * as projects from './projects.ts';
import { continueRun, retrainRun } from './repeat-run.ts';
import * as runs from './runs.ts';
import { addSampleImages } from './samples.ts';
import { changeProject } from './save-project.ts';
import { cancelTraining, startTraining, stopTraining } from './start-training.ts';
import { chooseBackend } from './start-up.ts';
import { Thumbnails } from './thumbnails.ts';

const downloadText: Commands['downloadText'] = (fileName, mediaType, text) =>
  downloadBlob(fileName, new Blob([text], { type: mediaType }));

/** Every use case with its context filled in. */
export function createCommands(ctx: CommandContext): Commands {
  const thumbnails = new Thumbnails(ctx.storage.thumbnails);
  return { ...dataCommands(ctx, thumbnails), ...modelCommands(ctx), ...projectCommands(ctx) };
}

type DataKey =
  | `${'addSample' | 'move' | 'delete' | 'lock' | 'join' | 'split' | 'regroup'}Images`
  | `${string}Class`
  | `${string}Import`
  | 'joinClasses'
  | 'importFiles'
  | 'downloadRejectedList'
  | 'select'
  | 'undo'
  | 'redo'
  | 'thumbnailUrl'
  | 'openOriginal';
type DataCommands = Pick<Commands, Extract<keyof Commands, DataKey>>;

function dataCommands(ctx: CommandContext, thumbnails: Thumbnails): DataCommands {
  return {
    importFiles: (files, target) => importOrBring(ctx, files, target),
    cancelImport: () => cancelFirst(ctx, 'import'),
    dismissImport: (importId) =>
      ctx.store.setState(({ import: last, earlierImports }) => ({
        import: last?.id === importId ? null : last,
        earlierImports: earlierImports.filter(({ id }) => id !== importId),
      })),
    downloadRejectedList: (importId) => {
      const { import: last, earlierImports } = ctx.store.getState();
      const ended = [...earlierImports, last].find((one) => one?.id === importId);
      const rows = (ended?.rejected ?? []).map(({ path, reason }) => [path, reason]);
      downloadText('files-not-added.csv', 'text/csv', toCsv([['file', 'reason'], ...rows]));
    },
    addSampleImages: () => addSampleImages(ctx),
    addClass: (name) => edits.addClass(ctx, name),
    renameClass: (classId, name) => edits.editDataset(ctx, 'Rename class', [{ kind: 'rename-class', classId, name }]),
    recolorClass: (classId, colorIndex) =>
      edits.editDataset(ctx, 'Change colour', [{ kind: 'recolor-class', classId, colorIndex }]),
    deleteClass: (classId) => edits.deleteClass(ctx, classId),
    joinClasses: (classIds) => edits.joinClasses(ctx, classIds),
    moveImages: (imageIds, classId) => edits.moveImages(ctx, imageIds, classId),
    deleteImages: (imageIds) => edits.deleteImages(ctx, imageIds),
    lockImages: (imageIds, part) => edits.lockImages(ctx, imageIds, part),
    joinImages: (imageIds) => groups.joinImages(ctx, imageIds),
    splitImages: (imageIds) => groups.splitImages(ctx, imageIds),
    regroupImages: (imageIds) => groups.regroupImages(ctx, imageIds),
    select: (imageIds) => ctx.store.setState({ selection: new Set(imageIds) }),
    selectClass: (classId) => {
      const images = ctx.store.getState().project?.dataset.images.values() ?? [];
      const own = [...images].filter((item) => item.classId === classId);
      ctx.store.setState({ selection: new Set(own.map(({ id }) => id)) });
    },
    undo: () => edits.undo(ctx),
    redo: () => edits.redo(ctx),
    thumbnailUrl: (hash, onReady) => thumbnails.url(hash, onReady),
    openOriginal: (hash) => ctx.storage.originals.get(hash),
  };
}

function modelCommands(ctx: CommandContext) {
  return {
    chooseBackend: (backend) => chooseBackend(ctx, backend),
    useBackbone: (id) => switchBackbone(ctx, id),
    cancelBackboneDownload: () => void cancelJobs(ctx, ['backbone']),
    bringNetwork: (files) => bringNetwork(ctx, files),
    useBroughtNetwork: (choices, opensHead) => useBroughtNetwork(ctx, choices, opensHead),
    closeBroughtNetwork: () => closeBroughtNetwork(ctx),
    removeBackbone: (id) => removeBackbone(ctx, id),
    compareBackbones: async (options) => (await import('./compare-backbones.ts')).compareBackbones(ctx, options),
    stopComparison: () => stopJobs(ctx, ['comparison']),
    changeSettings: (change) => {
      const settings = { ...ctx.store.getState().project?.settings, ...change };
      changeProject(ctx, { settings: checkSettings(settings).settings });
    },
    resetSettings: () => changeProject(ctx, { settings: DEFAULT_SETTINGS }),
    changeSplit: (split) => changeProject(ctx, { split }),
    changeResizeMode: (resizeMode) => changeProject(ctx, { resizeMode }),
    augmentSamples: (hashes, strengths) => augmentSamples(ctx, hashes, strengths),
    estimateFineTuning: (stageCount) => estimateFineTuning(ctx, stageCount),
    startTraining: () => startTraining(ctx),
    searchSettings: async (plan) => (await import('./search-settings.ts')).searchSettings(ctx, plan),
    crossValidate: async (change) => (await import('./cross-validate.ts')).crossValidate(ctx, change),
    testLearningRates: async () => (await import('./learning-tests.ts')).testLearningRates(ctx),
    learnCurve: async () => (await import('./learning-tests.ts')).learnCurve(ctx),
    distil: async (options) => (await import('./distil.ts')).distil(ctx, options),
    stopTraining: () => stopTraining(ctx),
    cancelTraining: () => cancelTraining(ctx),
    showTab: (tab) => ctx.store.setState({ tab }),
    showGallery: (gallery) => ctx.store.setState({ gallery }),
    useRun: (runId) => runs.openRun(ctx, runId),
    changeRun: (runId, change) => runs.changeRun(ctx, runId, change),
    deleteRun: (runId) => runs.deleteRun(ctx, runId),
    chooseRuns: (runIds) => runs.chooseRuns(ctx, runIds),
    compareRuns: (firstId, secondId) => runs.compareRuns(ctx, firstId, secondId),
    continueRun: (runId) => continueRun(ctx, runId),
    retrainRun: (runId) => retrainRun(ctx, runId),
    downloadRuns: (format) => runs.downloadRuns(ctx, format),
    answerWhileAdding: (isOn) => answerWhileAdding(ctx, isOn),
    classify: (image) => classify(ctx, image),
    exportModel: async (options) => (await import('./export-model.ts')).exportModel(ctx, options),
    downloadSize: async (options, signal) => (await import('./export-model.ts')).downloadSize(ctx, options, signal),
    measureCompression: async (prunedRatio) =>
      (await import('./measure-compression.ts')).measureCompression(ctx, prunedRatio),
    stopMeasuring: () => stopJobs(ctx, ['measuring']),
  } satisfies Partial<Commands>;
}

function projectCommands(ctx: CommandContext) {
  return {
    newProject: (name) => projects.newProject(ctx, name),
    openProject: (id) => projects.openProject(ctx, id),
    duplicateProject: (id) => projects.duplicateProject(ctx, id),
    renameProject: (id, name) => projects.renameProject(ctx, id, name),
    deleteProject: (id) => projects.deleteProject(ctx, id),
    saveProjectFile: () => saveProjectFile(ctx),
    openProjectFile: (file) => openProjectFile(ctx, file),
    downloadText,
    downloadBlob,
    dismissNotice: (id) => dismissNotice(ctx.store, id),
  } satisfies Partial<Commands>;
}
