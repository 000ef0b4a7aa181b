import type { RunSituation } from '../../domain/run-obstacles.ts';
import type { AppState } from '../../state/app-state.ts';
import { jobInTheWay } from '../../state/job-rules.ts';
import { useApp } from '../use-app.tsx';

const selectBackbone = ({ backbones }: AppState) => backbones.current;
const selectInTheWay = ({ jobs }: AppState) => jobInTheWay('training', jobs);

/** What decides whether a run can be gone on from now. */
export function useRunSituation(): RunSituation {
  return { backbone: useApp(selectBackbone), inTheWay: useApp(selectInTheWay) };
}
