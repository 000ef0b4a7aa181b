import type { RunSituation } from '../../domain/run-obstacles.ts';
import type { AppState } from '../../state/app-state.ts';
import { useApp } from '../use-app.tsx';

const selectBackbone = ({ backbones }: AppState) => backbones.current;
const selectIsBusy = ({ training, comparing, tuning }: AppState) =>
  comparing !== null || tuning !== null || (training.kind !== 'idle' && training.kind !== 'failed');

/** What decides whether a run can be gone on from now. */
export function useRunSituation(): RunSituation {
  return { backbone: useApp(selectBackbone), isBusy: useApp(selectIsBusy) };
}
