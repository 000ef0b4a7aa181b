import { FolderInput, Layers2, LockKeyhole, Trash2 } from 'lucide-react';
import { PART_LOCKS } from '../../domain/dataset.ts';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { Menu, type MenuAction } from '../../ui/Menu.tsx';
import { countText } from '../../ui/number-text.ts';
import { useApp, useCommands } from '../use-app.tsx';
import { LOCK_WORDS } from './lock-words.ts';
import { moveActions } from './move-actions.tsx';
import styles from './SelectionActions.module.css';
import { useClasses } from './use-dataset.ts';

const selectSelection = (state: AppState) => state.selection;

/** What can be done with the selected images; a hint while none is selected. */
export function SelectionActions() {
  const commands = useCommands();
  const selection = useApp(selectSelection);
  const classes = useClasses();
  if (selection.size === 0) {
    return (
      <p className={styles.hint}>
        Click images to select them.{' '}
        <span className={styles.keys}>
          Shift selects a range, Ctrl or Cmd adds one. <kbd>M</kbd> moves them to another class, <kbd>Delete</kbd>{' '}
          deletes them.
        </span>
      </p>
    );
  }
  const imageIds = [...selection];
  const moves = moveActions(classes, (classId) => commands.moveImages(imageIds, classId));
  const locks = PART_LOCKS.map(
    (part): MenuAction => ({
      id: part,
      label: LOCK_WORDS[part].replace(/^./, (first) => first.toUpperCase()),
      onAction: () => commands.lockImages(imageIds, part),
    }),
  );
  const unlock: MenuAction = {
    id: 'unlock',
    label: 'Let the split decide',
    onAction: () => commands.lockImages(imageIds, null),
  };
  const groups: readonly MenuAction[] = [
    {
      id: 'together',
      label: 'Keep together',
      detail: 'Whole groups among them are joined.',
      isDisabled: imageIds.length < 2,
      onAction: () => commands.joinImages(imageIds),
    },
    { id: 'apart', label: 'Keep apart', detail: 'Each by itself.', onAction: () => commands.splitImages(imageIds) },
    {
      id: 'automatic',
      label: 'Group automatically',
      detail: 'By burst and near-copies again.',
      onAction: () => commands.regroupImages(imageIds),
    },
  ];
  return (
    <div className={styles.bar} role="toolbar" aria-label="Selected images">
      <span className={styles.selected}>
        <span className={styles.count}>{countText(selection.size)} selected</span>
        <Button size="small" variant="quiet" onPress={() => commands.select([])}>
          Clear
        </Button>
      </span>
      <span className={styles.withKey}>
        <Menu
          label="Move to class"
          trigger={
            <Button size="small" icon={<FolderInput />}>
              Move to…
            </Button>
          }
          groups={[{ id: 'Classes', actions: moves }]}
        />
        <kbd className={styles.key} title="The key M does the same among the images">
          M
        </kbd>
      </span>
      <Menu
        label="Lock to a part of the split"
        trigger={
          <Button size="small" icon={<LockKeyhole />}>
            Lock to…
          </Button>
        }
        groups={[
          { id: 'Parts', title: 'Lock to a part of the split', actions: locks },
          { id: 'Unlock', actions: [unlock] },
        ]}
      />
      <Menu
        label="Group"
        trigger={
          <Button size="small" icon={<Layers2 />}>
            Group…
          </Button>
        }
        groups={[{ id: 'Groups', title: 'A group is in one part of the split', actions: groups }]}
      />
      <Button size="small" icon={<Trash2 />} onPress={() => commands.deleteImages(imageIds)}>
        Delete
      </Button>
    </div>
  );
}
