import { useMemo } from 'react';
import type { BackboneReport } from '../../domain/backbone.ts';
import { countParts } from '../../domain/count-parts.ts';
import { crossValidationCost, fineTuneCost } from '../../domain/fine-tune-cost.ts';
import type { Project } from '../../domain/project.ts';
import type { SettingsChange } from '../../domain/search.ts';
import { checkSettings } from '../../domain/settings-check.ts';
import { stagesToTrain } from '../../domain/stages-to-train.ts';
import { countOf, durationText, sizeText } from '../../ui/number-text.ts';
import { useFineTuningEstimates } from '../use-fine-tuning-estimate.ts';
import styles from './TuneTab.module.css';

interface CostProps {
  readonly project: Project;
  readonly backbone: BackboneReport;
}

/** What a cross-validation with the stages of the form would take; nothing where the head alone is trained. */
export function CrossValidationCost({ project, backbone, foldCount }: CostProps & { readonly foldCount: number }) {
  const { settings, split, dataset } = project;
  const stageCount = stagesToTrain(settings, backbone.stages.length);
  const stageCounts = stageCount > 0 ? [stageCount] : [];
  const [estimate] = useFineTuningEstimates({ backboneId: backbone.id, stageCounts, settings }) ?? [];
  if (stageCount === 0) return null;
  if (estimate === undefined) return <p className={styles.note}>Estimating what fine-tuning takes.</p>;
  const cost = crossValidationCost(estimate, settings, dataset.images.size, foldCount, split);
  return (
    <p className={styles.note}>
      Fine-tuning in every fold: a guess of about {durationText(cost.seconds)} on this device if no epoch is left out.{' '}
      {durationText(cost.preparingSeconds)} to run the frozen part once for all folds, then{' '}
      {durationText(cost.foldSeconds)} for each. What the frozen part gives is kept meanwhile:{' '}
      {sizeText(cost.keptBytes)}.
    </p>
  );
}

/** What the tries of a search that train stages would take; nothing where none does. */
export function SearchCost({ project, backbone, tries }: CostProps & { readonly tries: readonly SettingsChange[] }) {
  const { settings, split, dataset } = project;
  const parts = useMemo(() => countParts(dataset, split), [dataset, split]);
  const epochsByStages = useMemo(
    () => stageEpochs(settings, tries, backbone.stages.length),
    [settings, tries, backbone.stages.length],
  );
  const stageCounts = [...epochsByStages.keys()];
  const estimates = useFineTuningEstimates({ backboneId: backbone.id, stageCounts, settings });
  if (stageCounts.length === 0) return null;
  if (estimates === null) return <p className={styles.note}>Estimating what fine-tuning takes.</p>;
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  // The test images wait until the end.
  const costs = estimates.map((estimate) => fineTuneCost(estimate, settings, { ...parts, test: 0 }));
  const tried = [...epochsByStages.values()];
  const preparingSeconds = sum(costs.map((cost) => cost.preparingSeconds));
  const trainingSeconds = sum(costs.map(({ epochSeconds }, index) => (tried[index]?.epochCount ?? 0) * epochSeconds));
  const keptBytes = sum(costs.map((cost) => cost.keptBytes));
  const memoryBytes = estimates[0]?.memoryBytes ?? 0;
  return (
    <p className={styles.note}>
      {countOf(sum(tried.map(({ tryCount }) => tryCount)), 'try fine-tunes', 'tries fine-tune')} stages: a guess of
      about {durationText(preparingSeconds + trainingSeconds)} on this device if no epoch is left out,{' '}
      {durationText(preparingSeconds)} of it to run the frozen part{' '}
      {stageCounts.length === 1 ? 'once' : `once for each of ${stageCounts.length} depths`}. What it gives is kept
      meanwhile: {sizeText(keptBytes)}.
      {keptBytes > memoryBytes && stageCounts.length > 1
        ? ` Memory has room for ${sizeText(memoryBytes)} of it, so tries that fine-tune few stages come first, those that fine-tune more after them.`
        : ''}
    </p>
  );
}

interface StageEpochs {
  readonly tryCount: number;
  readonly epochCount: number;
}

/** Tries, and epochs of all of them together, by the number of stages they train. */
function stageEpochs(
  settings: Project['settings'],
  tries: readonly SettingsChange[],
  stageCount: number,
): ReadonlyMap<number, StageEpochs> {
  const found = new Map<number, StageEpochs>();
  for (const change of tries) {
    const tried = checkSettings({ ...settings, ...change }).settings;
    const stages = stagesToTrain(tried, stageCount);
    if (stages === 0) continue;
    const { tryCount, epochCount } = found.get(stages) ?? { tryCount: 0, epochCount: 0 };
    found.set(stages, { tryCount: tryCount + 1, epochCount: epochCount + tried.fineTuneEpochs });
  }
  return found;
}
