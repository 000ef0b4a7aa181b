import { Plus } from 'lucide-react';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './DataFooter.module.css';
import { ImportStatus } from './ImportStatus.tsx';
import { SelectionActions } from './SelectionActions.tsx';

const selectHasSelection = (state: AppState) => state.selection.size > 0;

interface DataFooterProps {
  /** False before the first class: there are better ways to begin then. */
  readonly canAdd: boolean;
}

/**
 * The end of the Data column: how an import goes, and "Add a class", covered by the actions on the selected images while
 * there are any. Standing here, a message comes and goes without moving the images.
 */
export function DataFooter({ canAdd }: DataFooterProps) {
  const hasSelection = useApp(selectHasSelection);
  const commands = useCommands();
  return (
    <div className={styles.footer}>
      <ImportStatus />
      {canAdd && (
        <div className={styles.add}>
          <Button icon={<Plus />} isFullWidth onPress={() => commands.addClass()}>
            Add a class
          </Button>
          {hasSelection && (
            <div className={styles.cover}>
              <SelectionActions />
            </div>
          )}
        </div>
      )}
    </div>
  );
}
