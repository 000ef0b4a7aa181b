import { Undo2 } from 'lucide-react';
import { worseThanPrior } from '../../domain/prior-run.ts';
import type { Run } from '../../domain/run.ts';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useApp, useCommands } from '../use-app.tsx';

const selectRuns = (state: AppState) => state.runs;

/** Where a run took the place of a better one: that it did, and the way back. */
export function WorseThanPrior({ run }: { readonly run: Run }) {
  const commands = useCommands();
  const prior = useApp(selectRuns).find(({ id }) => id === run.prior?.runId);
  const words = run.prior === null || prior === undefined ? null : worseThanPrior(run.prior, run, prior);
  if (prior === undefined || words === null) return null;
  const useAgain = (
    // biome-ignore lint/correctness/useHookAtTopLevel: a command called "use", not a hook
    <Button size="small" icon={<Undo2 />} onPress={() => void commands.useRun(prior.id)}>
      Use {prior.name} again
    </Button>
  );
  return (
    <Notice tone="warning" title={words.title} actions={useAgain}>
      {words.detail}
    </Notice>
  );
}
