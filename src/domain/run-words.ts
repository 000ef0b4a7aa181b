import type { Run, RunKind } from './run.ts';

/** What a run did, as a word for its row. */
export const RUN_KIND_WORDS: Readonly<Record<RunKind, string>> = {
  head: 'Head',
  'fine-tune': 'Fine-tuned',
  'cross-validation': 'Cross-validation',
  search: 'Search',
  opened: 'Opened from a file',
};

/** The layers trained on top of the network: "Softmax", "100 hidden units + softmax", "100 + 50 hidden units + softmax". */
export function headWords({
  settings,
  fallback = null,
  guard = null,
}: Pick<Run, 'settings'> & Partial<Pick<Run, 'fallback' | 'guard'>>): string {
  const { head, hiddenUnits, secondHiddenUnits } = settings;
  const isBaseline = !(guard?.kept ?? false);
  if (fallback === 'class-prior' && isBaseline) return 'Shares of the classes';
  if (fallback === 'class-means' && isBaseline) return 'Class averages';
  if (head === 'auto') return 'Automatic';
  if (head === 'logistic') return 'Logistic regression';
  if (head === 'prototypes') return 'Class averages';
  if (head === 'neighbours') return 'Nearest neighbours';
  if (hiddenUnits === 0) return 'Softmax';
  return `${[hiddenUnits, secondHiddenUnits].filter((units) => units > 0).join(' + ')} hidden units + softmax`;
}

/** Which stages of the network were trained, as words. */
export function stageWords(run: Pick<Run, 'settings' | 'guard' | 'tunedStageCount' | 'crossValidation'>): string {
  const { tunedStageCount, guard, settings, crossValidation } = run;
  const inFolds = crossValidation?.folds.filter(({ stagesKept }) => stagesKept !== null) ?? [];
  if (inFolds.length > 0) {
    const keptCount = inFolds.filter(({ stagesKept }) => stagesKept).length;
    return `Last ${settings.fineTuneStages} trained, kept in ${keptCount} of ${inFolds.length} folds`;
  }
  const now = tunedStageCount === 0 ? 'Frozen' : `Last ${tunedStageCount} trained`;
  if (guard === null || guard.kept) return now;
  const more = tunedStageCount === 0 ? 'training' : 'going on with';
  return `${now}: ${more} the last ${settings.fineTuneStages} is not shown to help`;
}

/** Seconds of all stages of a run. */
export function totalSeconds({ seconds }: Pick<Run, 'seconds'>): number {
  return seconds.features + seconds.training + seconds.evaluation;
}

/** A name no run has yet: one more than the highest "Run n". */
export function nextRunName(runs: readonly Pick<Run, 'name'>[]): string {
  const numbers = runs.map(({ name }) => Number(/^Run (\d{1,6})$/.exec(name)?.[1] ?? 0));
  return `Run ${Math.max(0, ...numbers) + 1}`;
}
