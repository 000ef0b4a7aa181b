import type { Run } from '../../domain/run.ts';
import { type AppState, MOST_CHOSEN_RUNS } from '../../state/app-state.ts';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './RunsTab.module.css';

const selectChosen = (state: AppState) => state.chosenRunIds;

/** Chooses a run for curves and comparison. Beyond six no further one can be ticked. */
export function RunCheckbox({ run }: { readonly run: Run }) {
  const chosen = useApp(selectChosen);
  const { chooseRuns } = useCommands();
  const isChosen = chosen.includes(run.id);
  return (
    <input
      type="checkbox"
      className={styles.box}
      aria-label={`Choose ${run.name}`}
      checked={isChosen}
      disabled={!isChosen && chosen.length >= MOST_CHOSEN_RUNS}
      onChange={() => chooseRuns(isChosen ? chosen.filter((id) => id !== run.id) : [...chosen, run.id])}
    />
  );
}
