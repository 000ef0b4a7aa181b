import { EllipsisVertical, FastForward, GraduationCap, Pencil, RotateCw, Trash2 } from 'lucide-react';
import type { Run } from '../../domain/run.ts';
import { whyNotContinue, whyNotRetrain, whyNotTeach } from '../../domain/run-obstacles.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { useCommands } from '../use-app.tsx';
import { ContinueDetail } from './ContinueDetail.tsx';
import { useRunSituation } from './use-run-situation.ts';

interface RunMenuProps {
  readonly run: Run;
  readonly onRename: () => void;
  readonly onTeach: () => void;
  readonly onDelete: () => void;
}

/** What can be done with a run, at the end of its row. */
export function RunMenu({ run, onRename, onTeach, onDelete }: RunMenuProps) {
  const { continueRun, retrainRun } = useCommands();
  const situation = useRunSituation();
  const cannotContinue = whyNotContinue(run, situation);
  const cannotRetrain = whyNotRetrain(run, situation);
  const goOn = {
    id: 'continue',
    label: 'Continue training',
    detail: cannotContinue ?? <ContinueDetail run={run} />,
    icon: <FastForward />,
    isDisabled: cannotContinue !== null,
    onAction: () => void continueRun(run.id),
  };
  const again = {
    id: 'retrain',
    label: 'Train again with these settings',
    detail: cannotRetrain ?? 'A new run on the images as they are now, set against this one.',
    icon: <RotateCw />,
    isDisabled: cannotRetrain !== null,
    onAction: () => void retrainRun(run.id),
  };
  const cannotTeach = whyNotTeach(run, situation);
  const teach = {
    id: 'teach',
    label: 'Teach a smaller network',
    detail: cannotTeach ?? 'A new run on another network that learns from this one’s answers too.',
    icon: <GraduationCap />,
    isDisabled: cannotTeach !== null,
    onAction: onTeach,
  };
  const rename = { id: 'rename', label: 'Name and note', icon: <Pencil />, onAction: onRename };
  const remove = { id: 'delete', label: 'Delete run', icon: <Trash2 />, isDanger: true, onAction: onDelete };
  return (
    <Menu
      label={`More for ${run.name}`}
      trigger={<IconButton size="small" label={`More for ${run.name}`} icon={<EllipsisVertical />} />}
      groups={[
        { id: 'Train', actions: [goOn, again, teach] },
        { id: 'Change', actions: [rename, remove] },
      ]}
    />
  );
}
