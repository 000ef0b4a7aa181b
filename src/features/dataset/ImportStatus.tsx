import type { AppState, ImportState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { LiveText } from '../../ui/LiveText.tsx';
import { countOf, countText, durationText } from '../../ui/number-text.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './ImportStatus.module.css';
import { ImportSummary } from './ImportSummary.tsx';

const selectImport = (state: AppState) => state.import;
const selectEarlier = (state: AppState) => state.earlierImports;
const selectWaiting = ({ jobs }: AppState) =>
  jobs.filter(({ kind, phase }) => kind === 'import' && phase === 'waiting').length;

/** "320 of 1,000 files" while the total is known, "320 files so far" before. */
function progressText({ doneCount, foundCount, totalKnown, filesPerSecond, secondsLeft }: ImportState): string {
  if (foundCount === 0) return 'looking for files';
  const counts = totalKnown
    ? `${countText(doneCount)} of ${countOf(foundCount, 'file')}`
    : `${countText(doneCount)} of ${countText(foundCount)} found so far`;
  const rate = filesPerSecond > 0 ? ` · ${countText(Math.round(filesPerSecond))} a second` : '';
  const left = secondsLeft === null ? '' : ` · ${durationText(secondsLeft)} left`;
  return counts + rate + left;
}

/** Progress of an import and, after it, what became of the files; those that ended before it stand above. */
export function ImportStatus() {
  const state = useApp(selectImport);
  const earlier = useApp(selectEarlier);
  return (
    <>
      {earlier.map((ended) => (
        <ImportSummary key={ended.id} state={ended} />
      ))}
      {state?.kind === 'reading' && <RunningImport state={state} />}
      {state !== null && state.kind !== 'reading' && <ImportSummary key={state.id} state={state} />}
    </>
  );
}

function RunningImport({ state }: { readonly state: ImportState }) {
  const commands = useCommands();
  const waitingCount = useApp(selectWaiting);
  return (
    <div className={styles.running}>
      <LiveText text="Adding images" />
      <ProgressBar
        label="Adding images"
        ratio={state.totalKnown && state.foundCount > 0 ? state.doneCount / state.foundCount : null}
        detail={progressText(state)}
      />
      <div className={styles.line}>
        <span className={styles.counts}>
          {countOf(state.addedCount, 'image')} added
          {state.rejected.length > 0 && `, ${countOf(state.rejected.length, 'file')} left out`}
          {waitingCount > 0 && `. ${countOf(waitingCount, 'more import')} waiting`}
        </span>
        <Button size="small" onPress={() => commands.cancelImport()}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
