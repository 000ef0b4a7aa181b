import { Pin } from 'lucide-react';
import { hasNoModel, type Run } from '../../domain/run.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { useCommands } from '../use-app.tsx';
import { useCurrentRun } from '../use-current-run.ts';
import styles from './RunsTab.module.css';

/** A run's pin, its name with the first words of its note, and the way to put its model to use. */
export function RunName({ run }: { readonly run: Run }) {
  const { useRun: chooseRun, changeRun } = useCommands();
  const verb = hasNoModel(run) ? 'Show' : 'Use';
  const isCurrent = useCurrentRun()?.id === run.id;
  return (
    <span className={styles.name}>
      <IconButton
        size="small"
        label={`Pin ${run.name}`}
        icon={<Pin />}
        isPressed={run.pinned}
        onPress={() => changeRun(run.id, { pinned: !run.pinned })}
      />
      <span className={styles.words}>
        <span className={styles.title}>{run.name}</span>
        {run.note !== '' && <span className={styles.note}>{run.note}</span>}
      </span>
      {isCurrent ? (
        <Badge tone="accent">{hasNoModel(run) ? 'Shown' : 'In use'}</Badge>
      ) : (
        <Button size="small" aria-label={`${verb} ${run.name}`} onPress={() => chooseRun(run.id)}>
          {verb}
        </Button>
      )}
    </span>
  );
}
