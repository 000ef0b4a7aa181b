import { Plus } from 'lucide-react';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './DataFooter.module.css';
import { SelectionActions } from './SelectionActions.tsx';

const selectHasSelection = (state: AppState) => state.selection.size > 0;

/** The end of the Data column: "Add a class", covered by the actions on the selected images while there are any. */
export function DataFooter() {
  const hasSelection = useApp(selectHasSelection);
  const commands = useCommands();
  return (
    <>
      <Button icon={<Plus />} isFullWidth onPress={() => commands.addClass()}>
        Add a class
      </Button>
      {hasSelection && (
        <div className={styles.cover}>
          <SelectionActions />
        </div>
      )}
    </>
  );
}
