import { useMemo, useState } from 'react';
import { type RatioInterval, wilsonInterval } from '../../domain/metrics/wilson.ts';
import { isOpenedRun, type Run } from '../../domain/run.ts';
import type { AppState } from '../../state/app-state.ts';
import { AccuracyFigure } from '../../ui/AccuracyFigure.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { type DataColumn, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { durationText, percentText } from '../../ui/number-text.ts';
import { useApp, useCommands } from '../use-app.tsx';
import { useCurrentRun } from '../use-current-run.ts';
import { RenameRunDialog } from './RenameRunDialog.tsx';
import { RunActions } from './RunActions.tsx';
import styles from './RunsTab.module.css';
import { settingsDifference } from './settings-difference.ts';

const selectRuns = (state: AppState) => state.runs;

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

const totalSeconds = ({ seconds }: Run) => seconds.features + seconds.training + seconds.evaluation;

const settingsText = (run: Run) =>
  isOpenedRun(run) ? 'Not trained here' : settingsDifference(run).join(', ') || 'Defaults';

/** Everything of a run but its name and its buttons. */
const FACT_COLUMNS: readonly DataColumn<Run>[] = [
  {
    key: 'accuracy',
    label: 'Test accuracy',
    numeric: true,
    value: (run) => run.scores.testAccuracyRatio,
    cell: (run) => <AccuracyFigure accuracy={testAccuracy(run)} />,
  },
  {
    key: 'f1',
    label: 'Macro F1',
    numeric: true,
    value: (run) => run.scores.testMacroF1Ratio,
    cell: (run) => percentText(run.scores.testMacroF1Ratio, 1),
  },
  { key: 'backbone', label: 'Network', value: (run) => run.backbone.name },
  {
    key: 'settings',
    label: 'Settings',
    value: settingsText,
    cell: (run) => <span className={styles.settings}>{settingsText(run)}</span>,
  },
  {
    key: 'seconds',
    label: 'Time',
    numeric: true,
    value: totalSeconds,
    cell: (run) => (isOpenedRun(run) ? '-' : durationText(totalSeconds(run))),
  },
  {
    key: 'when',
    label: 'When',
    numeric: true,
    value: (run) => run.startedAtMs,
    cell: (run) => <span className={styles.when}>{WHEN.format(run.startedAtMs)}</span>,
  },
];

/** Accuracy on the test images; null when none were kept aside. */
function testAccuracy({ scores: { testAccuracyRatio, testCount } }: Run): RatioInterval | null {
  return testAccuracyRatio === null ? null : wilsonInterval(Math.round(testAccuracyRatio * testCount), testCount);
}

/** Every run of the project, newest first: compare, choose the current one, rename, delete. */
export function RunsTab() {
  const runs = useApp(selectRuns);
  const current = useCurrentRun();
  const { deleteRun } = useCommands();
  const [renamed, setRenamed] = useState<Run | null>(null);
  const [deleted, setDeleted] = useState<Run | null>(null);
  const columns = useMemo((): readonly DataColumn<Run>[] => {
    const name: DataColumn<Run> = {
      key: 'name',
      label: 'Run',
      value: (run) => run.name,
      cell: (run) => <RunName run={run} isCurrent={run.id === current?.id} />,
    };
    const actions: DataColumn<Run> = {
      key: 'actions',
      label: 'Rename or delete',
      cell: (run) => <RunActions run={run} onRename={() => setRenamed(run)} onDelete={() => setDeleted(run)} />,
    };
    return [name, ...FACT_COLUMNS, actions];
  }, [current?.id]);

  if (runs.length === 0) {
    return (
      <EmptyState title="No runs yet">
        Every training is kept here with its settings and scores, so that you can compare runs and go back to a better
        one.
      </EmptyState>
    );
  }
  return (
    <>
      <DataTable
        caption="Runs of this project"
        columns={columns}
        rows={runs}
        rowKey={(run) => run.id}
        initialSort={{ key: 'when', descending: true }}
      />
      {renamed !== null && <RenameRunDialog run={renamed} onClose={() => setRenamed(null)} />}
      <ConfirmDialog
        title={`Delete ${deleted?.name ?? 'this run'}?`}
        isOpen={deleted !== null}
        onClose={() => setDeleted(null)}
        onConfirm={() => deleted !== null && deleteRun(deleted.id)}
        confirmLabel="Delete run"
      >
        Its model, curves and scores go. Images, classes and the other runs stay. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}

function RunName({ run, isCurrent }: { readonly run: Run; readonly isCurrent: boolean }) {
  const { useRun: chooseRun } = useCommands();
  return (
    <span className={styles.name}>
      {run.name}
      {isCurrent ? (
        <Badge tone="accent">In use</Badge>
      ) : (
        <Button size="small" aria-label={`Use ${run.name}`} onPress={() => chooseRun(run.id)}>
          Use
        </Button>
      )}
    </span>
  );
}
