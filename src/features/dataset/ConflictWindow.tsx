import type { Conflict } from '../../domain/conflicts.ts';
import type { ClassId, Dataset } from '../../domain/dataset.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { countText } from '../../ui/number-text.ts';
import { Thumbnail } from '../../ui/Thumbnail.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './ConflictWindow.module.css';

/** Settling one brings up the next, so a screenful at a time is enough. */
const SHOWN_CONFLICTS = 50;

interface ConflictWindowProps {
  readonly conflicts: readonly Conflict[];
  readonly dataset: Dataset;
  readonly onClose: () => void;
}

/** Settles photos with several labels: the choice keeps one and deletes the others. */
export function ConflictWindow({ conflicts, dataset, onClose }: ConflictWindowProps) {
  const commands = useCommands();

  function keepIn(conflict: Conflict, classId: ClassId): void {
    commands.deleteImages(conflict.imageIds.filter((id) => dataset.images.get(id)?.classId !== classId));
  }

  return (
    <Dialog title="Photos in more than one class" isOpen onClose={onClose}>
      <p>Choose where each belongs. It is deleted from the other classes; undo brings it back.</p>
      <ul className={styles.list}>
        {conflicts.slice(0, SHOWN_CONFLICTS).map((conflict) => {
          const name = dataset.images.get(conflict.imageIds[0] ?? '')?.name ?? '';
          return (
            <li key={conflict.hash} className={styles.conflict}>
              <Thumbnail hash={conflict.hash} load={commands.thumbnailUrl} alt="" className={styles.picture} />
              <div className={styles.choices}>
                <span className={styles.name}>{name}</span>
                {dataset.classes
                  .filter(({ id }) => conflict.classIds.includes(id))
                  .map((label) => (
                    <Button
                      key={label.id}
                      size="small"
                      aria-label={`Keep ${name} in ${label.name}`}
                      onPress={() => keepIn(conflict, label.id)}
                    >
                      Keep in {label.name}
                    </Button>
                  ))}
              </div>
            </li>
          );
        })}
      </ul>
      {conflicts.length > SHOWN_CONFLICTS && (
        <p>And {countText(conflicts.length - SHOWN_CONFLICTS)} more after these.</p>
      )}
    </Dialog>
  );
}
