import type { BackboneReport } from '../domain/backbone.ts';
import { datasetFingerprint } from '../domain/fingerprint.ts';
import type { FoundHead } from '../domain/found-network.ts';
import { type HeadWeights, headBytes } from '../domain/head.ts';
import { NO_HELD_OUT_EDITS } from '../domain/held-out-edits.ts';
import type { Run, RunArtifacts } from '../domain/run.ts';
import { DEFAULT_SETTINGS, resolveSettings } from '../domain/settings.ts';
import type { CommandContext } from './context.ts';
import { addClass } from './edit-dataset.ts';
import { notify } from './notices.ts';
import { changeProject, enqueueWrite } from './save-project.ts';

/** True when a finished classifier may become the project's: there is nothing yet that it could contradict. */
function canOpenHead(ctx: CommandContext): boolean {
  const { project } = ctx.store.getState();
  return project !== null && project.dataset.classes.length === 0;
}

/** Makes classes of a classifier's labels, and a run of the classifier itself, so that it can be tried at once. */
export async function openFoundHead(
  ctx: CommandContext,
  { labels, weights }: FoundHead,
  report: BackboneReport,
): Promise<void> {
  if (weights === null || !canOpenHead(ctx)) return;
  for (const label of labels) addClass(ctx, label);
  const run = describeRun(ctx, report, weights);
  if (run === null) return;
  const predictions = {
    imageIds: [],
    parts: [],
    classIndices: [],
    classCount: run.classes.length,
    probabilities: new Float32Array(0),
  };
  const artifacts: RunArtifacts = { runId: run.id, head: weights, tuned: null, predictions };
  await enqueueWrite(ctx, () => ctx.storage.runs.save(run, artifacts));
  if (ctx.store.getState().project?.id !== run.projectId) return;
  ctx.store.setState((state) => ({ runs: [...state.runs, run], artifacts, gallery: null }));
  changeProject(ctx, { currentRunId: run.id, network: { id: report.id, name: report.name, sha256: report.sha256 } });
  notify(
    ctx.store,
    'success',
    'The Teachable Machine model is open.',
    'Try it on an image now. To train it further, add images to its classes: its own are not in the file.',
  );
}

/** A run without curves or scores: how it was trained is not known. */
function describeRun(ctx: CommandContext, report: BackboneReport, weights: HeadWeights): Run | null {
  const { project, engine } = ctx.store.getState();
  if (project === null) return null;
  const { classes } = project.dataset;
  const { layers } = weights;
  const nobody = { train: 0, validation: 0, test: 0 };
  const settings = resolveSettings(DEFAULT_SETTINGS, { classCounts: classes.map(() => 0) });
  return {
    id: ctx.newId(),
    projectId: project.id,
    kind: 'opened',
    pinned: false,
    note: '',
    continuedFromRunId: null,
    modelBytes: Float32Array.BYTES_PER_ELEMENT * report.parameterCount + headBytes(weights),
    imageMs: report.millisecondsPerImage,
    tunedStageCount: 0,
    guard: null,
    name: 'From Teachable Machine',
    startedAtMs: ctx.now(),
    end: 'all-epochs',
    settings: { ...settings, epochs: 0, hiddenUnits: layers.length > 1 ? (layers[0]?.outputLength ?? 0) : 0 },
    backbone: { id: report.id, sha256: report.sha256, name: report.name, featureLength: report.featureLength },
    backend: engine.kind === 'ready' ? engine.device.backend : 'unknown',
    resizeMode: 'crop',
    classes,
    partCounts: nobody,
    splitRatios: nobody,
    splitSeed: null,
    automaticSettings: null,
    curves: [],
    bestEpochIndex: 0,
    scores: { testCount: 0, testAccuracyRatio: null, testMacroF1Ratio: null, validationAccuracyRatio: null },
    seconds: { features: 0, training: 0, evaluation: 0 },
    beforeTraining: null,
    classifier: null,
    fallback: null,
    groups: null,
    classParts: null,
    leftOut: [],
    heldOutEdits: NO_HELD_OUT_EDITS,
    measuredSizes: null,
    crossValidation: null,
    prior: null,
    datasetFingerprint: datasetFingerprint(project.dataset, project.split),
  };
}
