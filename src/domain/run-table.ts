import { baselineRatio } from './before-training.ts';
import { runCoverage } from './class-coverage.ts';
import type { CsvCell } from './csv.ts';
import { headVerdict } from './kept-head-words.ts';
import type { Run } from './run.ts';
import { didCount, settingsDifference } from './run-settings.ts';
import { headWords, RUN_KIND_WORDS, stageWords, totalSeconds } from './run-words.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** One column of the file: its heading and what it holds of a run. */
type Column = readonly [heading: string, cell: (run: Run) => CsvCell];

const COLUMNS: readonly Column[] = [
  ['id', (run) => run.id],
  ['name', (run) => run.name],
  ['kind', (run) => RUN_KIND_WORDS[run.kind]],
  ['pinned', (run) => run.pinned],
  ['note', (run) => run.note],
  ['started', (run) => new Date(run.startedAtMs).toISOString()],
  ['end', (run) => run.end],
  ['continued_from', (run) => run.continuedFromRunId],
  ['network', (run) => run.backbone.name],
  ['network_id', (run) => run.backbone.id],
  ['backend', (run) => run.backend],
  ['head', headWords],
  ['head_choice', headVerdict],
  ['stages', stageWords],
  ['class_count', (run) => run.classes.length],
  ['train_images', (run) => run.partCounts.train],
  ['validation_images', (run) => run.partCounts.validation],
  ['test_images', (run) => run.partCounts.test],
  ['test_accuracy', (run) => run.scores.testAccuracyRatio],
  ['untrained_classes', (run) => runCoverage(run).untrained.join('; ')],
  ['untested_classes', (run) => runCoverage(run).untested.join('; ')],
  ['test_images_relabelled_to_answer', (run) => run.heldOutEdits.relabelledCount],
  ['test_mistakes_deleted', (run) => run.heldOutEdits.deletedCount],
  ['test_macro_f1', (run) => run.scores.testMacroF1Ratio],
  ['validation_accuracy', (run) => run.scores.validationAccuracyRatio],
  ['before_training_test_accuracy', (run) => baselineRatio(run.beforeTraining?.test ?? null)],
  ['epochs_run', (run) => run.curves.length],
  ['best_epoch', (run) => (run.curves.length === 0 ? null : run.bestEpochIndex + 1)],
  ['features_s', (run) => run.seconds.features],
  ['training_s', (run) => run.seconds.training],
  ['evaluation_s', (run) => run.seconds.evaluation],
  ['total_s', totalSeconds],
  ['model_bytes', (run) => run.modelBytes],
  ['ms_per_image', (run) => run.imageMs],
  ['settings_that_differ', (run) => settingsDifference(run).join('; ')],
  ['image_squaring', (run) => run.resizeMode],
  ['split_train', (run) => run.splitRatios.train],
  ['split_validation', (run) => run.splitRatios.validation],
  ['split_test', (run) => run.splitRatios.test],
  ['split_seed', (run) => run.splitSeed],
  ...SETTINGS.map((setting): Column => [`setting_${setting.key}`, (run) => settingCell(setting, run)]),
];

/** Empty where the run made nothing of it. Strengths of augmentation are an object and go in as JSON. */
function settingCell(setting: Setting, run: Run): CsvCell {
  const value = didCount(setting, run) ? run.settings[setting.key] : null;
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : value;
}

/** Runs as a table: a header, then one row a run. Ratios are 0-1, times seconds. */
export function runTable(runs: readonly Run[]): CsvCell[][] {
  return [COLUMNS.map(([heading]) => heading), ...runs.map((run) => COLUMNS.map(([, cell]) => cell(run)))];
}

/** All that is kept of a run but its weights and predictions. */
export interface RunRecord extends Run {
  readonly head: string;
  readonly stages: string;
  readonly settingsThatDiffer: readonly string[];
}

/** A run as scripts and files get it. JSON writes its NaN as null. */
export function runRecord(run: Run): RunRecord {
  return { ...run, head: headWords(run), stages: stageWords(run), settingsThatDiffer: settingsDifference(run) };
}
