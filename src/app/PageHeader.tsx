import { Redo2, Undo2 } from 'lucide-react';
import { BackboneChip } from '../features/device/BackboneChip.tsx';
import { DeviceChip } from '../features/device/DeviceChip.tsx';
import { ProjectMenu } from '../features/projects/ProjectMenu.tsx';
import { SaveState } from '../features/projects/SaveState.tsx';
import { useApp, useCommands } from '../features/use-app.tsx';
import type { AppState } from '../state/app-state.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { GraftMark } from './GraftMark.tsx';
import styles from './PageHeader.module.css';

const selectCanUndo = (state: AppState) => state.undoDepth > 0;
const selectCanRedo = (state: AppState) => state.redoDepth > 0;

/** The line at the top: what project, what was done, what computes. */
export function PageHeader() {
  const canUndo = useApp(selectCanUndo);
  const canRedo = useApp(selectCanRedo);
  const commands = useCommands();
  return (
    <header className={styles.header}>
      <h1 className={styles.brand}>
        <GraftMark />
        <span className={styles.wordmark}>Graft</span>
      </h1>
      <div className={styles.project}>
        <ProjectMenu />
        <SaveState />
      </div>
      <div className={styles.history}>
        <IconButton label="Undo (Ctrl+Z)" icon={<Undo2 />} isDisabled={!canUndo} onPress={() => commands.undo()} />
        <IconButton
          label="Redo (Ctrl+Shift+Z)"
          icon={<Redo2 />}
          isDisabled={!canRedo}
          onPress={() => commands.redo()}
        />
      </div>
      <div className={styles.engine}>
        <BackboneChip />
        <DeviceChip />
      </div>
    </header>
  );
}
