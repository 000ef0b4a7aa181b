import { useMemo } from 'react';
import { datasetFingerprint } from '../domain/fingerprint.ts';
import type { Run } from '../domain/run.ts';
import type { AppState } from '../state/app-state.ts';
import { useApp } from './use-app.tsx';

const selectRun = (state: AppState): Run | null =>
  state.runs.find((run) => run.id === state.project?.currentRunId) ?? null;
const selectDataset = (state: AppState) => state.project?.dataset ?? null;
const selectSplit = (state: AppState) => state.project?.split ?? null;

/** The run whose model is in use, or null before the first. */
export function useCurrentRun(): Run | null {
  return useApp(selectRun);
}

/** True when images, labels or the split changed after the current model was trained. */
export function useModelIsOld(): boolean {
  const run = useApp(selectRun);
  const dataset = useApp(selectDataset);
  const split = useApp(selectSplit);
  return useMemo(
    () =>
      run !== null &&
      dataset !== null &&
      split !== null &&
      datasetFingerprint(dataset, split) !== run.datasetFingerprint,
    [run, dataset, split],
  );
}
