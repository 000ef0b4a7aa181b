import type { Comparison } from '../../domain/comparison.ts';
import { measuredRows } from '../../domain/comparison.ts';
import { transferOf } from '../../domain/comparison-scores.ts';
import { transferText } from '../../domain/comparison-words.ts';
import { foldStagesText, guardText } from '../../domain/fine-tune-words.ts';
import { foldHeadsText, headVerdict } from '../../domain/kept-head-words.ts';
import type { Run } from '../../domain/run.ts';
import type { AppState } from '../../state/app-state.ts';
import { useApp } from '../use-app.tsx';
import styles from './ResultsTab.module.css';

const selectComparison = (state: AppState) => state.project?.comparison ?? null;

/** Which head was chosen and by how much, and whether fine-tuning and the network's pretraining helped, in a sentence each; nothing where it is not known. */
export function RunVerdicts({ run }: { readonly run: Run }) {
  const comparison = useApp(selectComparison);
  const transfer = comparison === null ? null : runTransferText(run, comparison);
  const inFolds = run.crossValidation && foldStagesText(run.crossValidation, run.settings.fineTuneStages);
  const head = run.crossValidation === null ? headVerdict(run) : foldHeadsText(run.crossValidation);
  if (head === null && run.guard === null && transfer === null && inFolds === null) return null;
  return (
    <div className={styles.verdicts}>
      {head !== null && <p>{head}</p>}
      {run.guard !== null && <p>{guardText(run.guard)}</p>}
      {inFolds !== null && <p>{inFolds}</p>}
      {transfer !== null && <p>{transfer}</p>}
    </div>
  );
}

/** Null unless the run's network and both baselines were compared on the data of the run. */
function runTransferText(run: Run, { rows, datasetFingerprint, resizeMode }: Comparison): string | null {
  if (datasetFingerprint !== run.datasetFingerprint || resizeMode !== run.resizeMode) return null;
  const measured = measuredRows(rows);
  const network = measured.find(({ id, kind }) => kind === 'network' && id === run.backbone.id);
  const hasBoth = (['pixels', 'untrained'] as const).every((kind) => measured.some((row) => row.kind === kind));
  return network === undefined || !hasBoth ? null : transferText(transferOf(network, rows));
}
