import type { RunSituation } from '../../domain/run-obstacles.ts';
import type { AppState } from '../../state/app-state.ts';
import { useApp } from '../use-app.tsx';

const selectBackboneId = ({ backbones }: AppState) => backbones.current?.id ?? null;
const selectIsBusy = ({ training, comparing, tuning }: AppState) =>
  comparing !== null || tuning !== null || (training.kind !== 'idle' && training.kind !== 'failed');

/** What decides whether a run can be gone on from now. */
export function useRunSituation(): RunSituation {
  return { backboneId: useApp(selectBackboneId), isBusy: useApp(selectIsBusy) };
}
