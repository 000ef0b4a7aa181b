import { Pencil, Trash2 } from 'lucide-react';
import type { Run } from '../../domain/run.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import styles from './RunsTab.module.css';

interface RunActionsProps {
  readonly run: Run;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

/** Rename and delete, at the end of a run's row. */
export function RunActions({ run, onRename, onDelete }: RunActionsProps) {
  return (
    <span className={styles.actions}>
      <IconButton size="small" label={`Rename ${run.name}`} icon={<Pencil />} onPress={onRename} />
      <IconButton size="small" label={`Delete ${run.name}`} icon={<Trash2 />} onPress={onDelete} />
    </span>
  );
}
