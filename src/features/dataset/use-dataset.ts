import { type ClassLabel, type Dataset, EMPTY_DATASET } from '../../domain/dataset.ts';
import type { AppState } from '../../state/app-state.ts';
import { useApp } from '../use-app.tsx';

const selectDataset = (state: AppState): Dataset => state.project?.dataset ?? EMPTY_DATASET;

/** What is labelled now; empty while storage is being read. */
export function useDataset(): Dataset {
  return useApp(selectDataset);
}

const selectClasses = (state: AppState): readonly ClassLabel[] => selectDataset(state).classes;

/** The classes alone: images that come in draw nothing again. */
export function useClasses(): readonly ClassLabel[] {
  return useApp(selectClasses);
}
