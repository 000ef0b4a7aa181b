import type { GraftApi } from './graft-api.ts';

/** The door for scripts before anything behind it is there: each call waits until it is. */
export function graftWhenReady(api: Promise<GraftApi>): GraftApi {
  // A failure to open is shown on the page and given again by each call.
  api.catch(() => undefined);
  return {
    ready: async () => (await api).ready(),
    importFiles: async (files, options) => (await api).importFiles(files, options),
    setClasses: async (names) => (await api).setClasses(names),
    relabel: async (hashes, className) => (await api).relabel(hashes, className),
    groups: async () => (await api).groups(),
    joinImages: async (hashes) => (await api).joinImages(hashes),
    splitImages: async (hashes) => (await api).splitImages(hashes),
    joinClasses: async (names) => (await api).joinClasses(names),
    useBackbone: async (id) => (await api).useBackbone(id),
    addBackbone: async (files, options) => (await api).addBackbone(files, options),
    compareBackbones: async (ids, options) => (await api).compareBackbones(ids, options),
    train: async (settings, options) => (await api).train(settings, options),
    runs: async () => (await api).runs(),
    useRun: async (runId) => (await api).useRun(runId),
    compareRuns: async (firstId, secondId) => (await api).compareRuns(firstId, secondId),
    search: async (...args) => (await api).search(...args),
    crossValidate: async (settings) => (await api).crossValidate(settings),
    findLearningRate: async () => (await api).findLearningRate(),
    learningCurve: async () => (await api).learningCurve(),
    evaluate: async (part) => (await api).evaluate(part),
    beforeTraining: async () => (await api).beforeTraining(),
    answerWhileAdding: async (isOn) => (await api).answerWhileAdding(isOn),
    classify: async (image) => (await api).classify(image),
    distil: async (options) => (await api).distil(options),
    exportModel: async (options) => (await api).exportModel(options),
    measureCompression: async (prunedRatio) => (await api).measureCompression(prunedRatio),
    project: async () => (await api).project(),
    images: async () => (await api).images(),
    memory: async () => (await api).memory(),
  };
}
