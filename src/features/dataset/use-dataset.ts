import { type Dataset, EMPTY_DATASET } from '../../domain/dataset.ts';
import type { AppState } from '../../state/app-state.ts';
import { useApp } from '../use-app.tsx';

const selectDataset = (state: AppState): Dataset => state.project?.dataset ?? EMPTY_DATASET;

/** What is labelled now; empty while storage is being read. */
export function useDataset(): Dataset {
  return useApp(selectDataset);
}
