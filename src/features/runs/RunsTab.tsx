import { FileDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Run } from '../../domain/run.ts';
import { type AppState, MOST_CHOSEN_RUNS } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { type DataColumn, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { ComparedRuns } from './ComparedRuns.tsx';
import { RunCurves } from './RunCurves.tsx';
import { RunDetails } from './RunDetails.tsx';
import { RunDialog } from './RunDialog.tsx';
import { RunMenu } from './RunMenu.tsx';
import styles from './RunsTab.module.css';
import { RUN_COLUMNS } from './run-columns.tsx';
import { TeachDialog } from './TeachDialog.tsx';

const selectRuns = (state: AppState) => state.runs;
const selectChosen = (state: AppState) => state.chosenRunIds;
const isPinned = (run: Run) => run.pinned;
const DETAILS = {
  label: (run: Run) => `Details of ${run.name}`,
  content: (run: Run) => <RunDetails run={run} />,
};

/** Every run of the project, pinned ones first, else newest first: compare, go on from one, choose the current one. */
export function RunsTab() {
  const runs = useApp(selectRuns);
  const { deleteRun } = useCommands();
  const [teacher, setTeacher] = useState<Run | null>(null);
  const [renamed, setRenamed] = useState<Run | null>(null);
  const [deleted, setDeleted] = useState<Run | null>(null);
  const columns = useMemo((): readonly DataColumn<Run>[] => {
    const menu = (run: Run) => (
      <RunMenu
        run={run}
        onRename={() => setRenamed(run)}
        onTeach={() => setTeacher(run)}
        onDelete={() => setDeleted(run)}
      />
    );
    return [...RUN_COLUMNS, { key: 'menu', label: 'More', cell: menu }];
  }, []);

  if (runs.length === 0) {
    return (
      <EmptyState title="No runs yet">
        Every training is kept here with its settings and scores, so that you can compare runs and go back to a better
        one.
      </EmptyState>
    );
  }
  return (
    <div className={styles.tab}>
      <RunsHead />
      <DataTable
        caption="Runs of this project"
        columns={columns}
        rows={runs}
        rowKey={(run) => run.id}
        initialSort={{ key: 'when', descending: true }}
        isFirst={isPinned}
        details={DETAILS}
        isBounded
      />
      <ChosenRuns />
      {teacher !== null && <TeachDialog teacher={teacher} onClose={() => setTeacher(null)} />}
      {renamed !== null && <RunDialog run={renamed} onClose={() => setRenamed(null)} />}
      <ConfirmDialog
        title={`Delete ${deleted?.name ?? 'this run'}?`}
        isOpen={deleted !== null}
        onClose={() => setDeleted(null)}
        onConfirm={() => deleted !== null && deleteRun(deleted.id)}
        confirmLabel="Delete run"
      >
        Its model, curves and scores go. Images, classes and the other runs stay. This cannot be undone.
      </ConfirmDialog>
    </div>
  );
}

function RunsHead() {
  const { downloadRuns, chooseRuns } = useCommands();
  const chosenCount = useApp(selectChosen).length;
  return (
    <header className={styles.head}>
      <p className={styles.hint}>
        {chosenCount === 0
          ? `Tick up to ${MOST_CHOSEN_RUNS} runs to lay their curves over each other, two to compare them.`
          : `${chosenCount} of at most ${MOST_CHOSEN_RUNS} chosen.`}
      </p>
      <span className={styles.tools}>
        {chosenCount > 0 && (
          <Button size="small" variant="quiet" onPress={() => chooseRuns([])}>
            Choose none
          </Button>
        )}
        <Button size="small" icon={<FileDown />} aria-label="Save all runs as CSV" onPress={() => downloadRuns('csv')}>
          CSV
        </Button>
        <Button
          size="small"
          icon={<FileDown />}
          aria-label="Save all runs as JSON"
          onPress={() => downloadRuns('json')}
        >
          JSON
        </Button>
      </span>
    </header>
  );
}

/** What the ticked runs come to. The earlier of two is the first, whichever was ticked first. */
function ChosenRuns() {
  const runs = useApp(selectRuns);
  const chosenIds = useApp(selectChosen);
  const chosen = useMemo(() => runs.filter(({ id }) => chosenIds.includes(id)), [runs, chosenIds]);
  if (chosen.length === 0) return null;
  const [first, second, third] = chosen;
  const isPair = first !== undefined && second !== undefined && third === undefined;
  return (
    <>
      {isPair && <ComparedRuns first={first} second={second} />}
      <RunCurves runs={chosen} />
    </>
  );
}
