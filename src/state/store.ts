import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppState } from './app-state.ts';

export type AppStore = StoreApi<AppState>;

export const INITIAL_STATE: AppState = {
  projects: [],
  project: null,
  undoDepth: 0,
  redoDepth: 0,
  selection: new Set(),
  runs: [],
  chosenRunIds: [],
  artifacts: null,
  engine: { kind: 'starting' },
  backbones: { entries: [], cachedIds: [], current: null, currentReason: '', lastError: null },
  ownNetwork: null,
  import: null,
  earlierImports: [],
  jobs: [],
  trainingFailure: null,
  live: null,
  learningRateTest: null,
  learningCurve: null,
  instant: null,
  tab: 'live',
  gallery: null,
  notices: [],
  storage: null,
};

/** The one store of the page. */
export function createAppStore(initial: AppState = INITIAL_STATE): AppStore {
  return createStore<AppState>(() => initial);
}
