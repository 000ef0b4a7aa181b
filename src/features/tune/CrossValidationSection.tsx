import { Layers } from 'lucide-react';
import { useState } from 'react';
import type { CrossValidation } from '../../domain/cross-validation.ts';
import { spreadOf } from '../../domain/cross-validation.ts';
import { foldStagesText } from '../../domain/fine-tune-words.ts';
import type { Run } from '../../domain/run.ts';
import type { AppState } from '../../state/app-state.ts';
import { jobOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { countText, percentText } from '../../ui/number-text.ts';
import { Select } from '../../ui/Select.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { whyNotCrossValidate } from '../why-not-train.ts';
import { FoldTable } from './FoldTable.tsx';
import { CrossValidationCost } from './TrialCost.tsx';
import { TuneProgress } from './TuneProgress.tsx';
import { TuneSection } from './TuneSection.tsx';
import styles from './TuneTab.module.css';

const FOLDS = ['2', '3', '4', '5', '6', '7', '8', '9', '10'] as const;

const selectTuning = (state: AppState) => jobOf(state, 'cross-validation')?.progress.tuning ?? null;
const selectProject = (state: AppState) => state.project;
const selectBackbone = (state: AppState) => state.backbones.current;
const selectLast = (state: AppState) => state.runs.findLast(({ crossValidation }) => crossValidation !== null) ?? null;

/** How steady the scores of the settings in the form are, with every image judged once. */
export function CrossValidationSection() {
  const { crossValidate } = useCommands();
  const tuning = useApp(selectTuning);
  const reason = useApp(whyNotCrossValidate);
  const project = useApp(selectProject);
  const backbone = useApp(selectBackbone);
  const last = useApp(selectLast);
  const [chosen, setChosen] = useState<string | null>(null);
  const folds = FOLDS.find((id) => id === (chosen ?? String(project?.settings.folds))) ?? '5';
  return (
    <TuneSection
      title="Cross-validation"
      intro="Deals all images into parts and judges each part by a model that learnt from the others, with the settings of the form. So every image counts once, and the spread shows how far a score is luck."
    >
      {tuning === null ? (
        <div className={styles.actions}>
          <div className={styles.folds}>
            <Select label="Folds" options={FOLDS.map((id) => ({ id, label: id }))} value={folds} onChange={setChosen} />
          </div>
          <Button
            icon={<Layers />}
            disabledReason={reason}
            onPress={() => void crossValidate({ folds: Number(folds) })}
          >
            Cross-validate
          </Button>
        </div>
      ) : (
        <TuneProgress tuning={tuning} title="Judging fold after fold" unit="folds" stopLabel="Stop, keep what is done">
          Stopped after two folds or more, what is judged is kept; the fold under way is not. Cancel throws all away.
        </TuneProgress>
      )}
      {tuning === null && reason !== null && <p className={styles.note}>{reason}</p>}
      {tuning === null && project !== null && backbone !== null && (
        <CrossValidationCost project={project} backbone={backbone} foldCount={Number(folds)} />
      )}
      {last !== null && last.crossValidation !== null && <Outcome run={last} crossValidation={last.crossValidation} />}
    </TuneSection>
  );
}

interface OutcomeProps {
  readonly run: Run;
  readonly crossValidation: CrossValidation;
}

function Outcome({ run, crossValidation }: OutcomeProps) {
  const { foldCount, folds } = crossValidation;
  const imageCount = folds.reduce((sum, fold) => sum + fold.imageCount, 0);
  const isPart = folds.length < foldCount;
  const stages = foldStagesText(crossValidation, run.settings.fineTuneStages);
  return (
    <>
      <div className={styles.words}>
        <p className={styles.lead}>{steadinessSentence(crossValidation)}</p>
        {stages !== null && <p>{stages}</p>}
        <p className={styles.note}>
          {run.name}: {countText(imageCount)} images in {isPart ? `${folds.length} of ` : ''}
          {foldCount} folds. Spread is the standard deviation over the folds. It is kept under Runs with the prediction
          of every image.
        </p>
      </div>
      <FoldTable crossValidation={crossValidation} classes={run.classes} />
    </>
  );
}

/** What the folds say in plain words. */
function steadinessSentence(crossValidation: CrossValidation): string {
  const accuracy = spreadOf(crossValidation, (fold) => fold.accuracyRatio);
  if (accuracy === null) return 'No fold had images to judge.';
  const [low, high] = [accuracy.lowestRatio, accuracy.highestRatio].map((ratio) => percentText(ratio));
  const mean = `${percentText(accuracy.meanRatio)} of the images of a fold right, on average over ${crossValidation.folds.length} folds`;
  if (low === high) return `${mean}; every fold came to about the same.`;
  return `${mean}; single folds went from ${low} to ${high}.`;
}
