import { Play } from 'lucide-react';
import { memo } from 'react';
import type { AppState } from '../../state/app-state.ts';
import { trainingOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { useCurrentRun } from '../use-current-run.ts';
import { whyNotTrain } from '../why-not-train.ts';
import { CoverageNotes } from './CoverageNotes.tsx';
import { RunOutcome } from './RunOutcome.tsx';
import { RunPlan } from './RunPlan.tsx';
import { SettingsForm } from './SettingsForm.tsx';
import styles from './TrainingPanel.module.css';
import { TrainingProgress } from './TrainingProgress.tsx';

const selectProject = (state: AppState) => state.project;

/** Starts, shows and ends a run; its settings below. */
export function TrainingPanel() {
  const training = useApp(trainingOf);
  const project = useApp(selectProject);
  const isBusy = training.kind !== 'idle' && training.kind !== 'failed';
  return (
    <Panel title="Train">
      <div className={styles.stage}>
        {training.kind === 'idle' || training.kind === 'failed' ? (
          <>
            <StartButton />
            <CoverageNotes />
            {training.kind === 'failed' ? (
              <div role="alert">
                <Notice tone="error" title={training.message}>
                  {training.advice}
                </Notice>
              </div>
            ) : (
              <Standing />
            )}
          </>
        ) : (
          <TrainingProgress training={training} />
        )}
      </div>
      {project !== null && <SettingsForm project={project} isDisabled={isBusy} />}
    </Panel>
  );
}

/** The current model's headline, or before the first run what a run would use. */
function Standing() {
  return useCurrentRun() === null ? <RunPlan /> : <RunOutcome />;
}

/** The one primary button; when it cannot be used, the reason stands below it. */
const StartButton = memo(function StartButton() {
  const { startTraining } = useCommands();
  const reason = useApp(whyNotTrain);
  return (
    <div className={styles.start}>
      <Button
        variant="primary"
        size="large"
        isFullWidth
        icon={<Play />}
        disabledReason={reason}
        onPress={() => startTraining()}
      >
        Train
      </Button>
      {reason !== null && <p className={styles.reason}>{reason}</p>}
    </div>
  );
});
