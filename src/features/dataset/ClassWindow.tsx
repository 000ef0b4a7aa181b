import type { ClassLabel, ImageItem } from '../../domain/dataset.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { countOf } from '../../ui/number-text.ts';
import { ClassGrid } from './ClassGrid.tsx';
import styles from './ClassWindow.module.css';
import type { ConflictClasses } from './conflict-classes.ts';
import { SelectionActions } from './SelectionActions.tsx';

interface ClassWindowProps {
  readonly label: ClassLabel;
  readonly images: readonly ImageItem[];
  readonly conflictClasses: ConflictClasses;
  readonly onClose: () => void;
}

/** All images of a class in a large window. */
export function ClassWindow({ label, images, conflictClasses, onClose }: ClassWindowProps) {
  return (
    <Dialog
      title={`${label.name}: ${countOf(images.length, 'image')}`}
      isOpen
      onClose={onClose}
      size="large"
      footer={
        <div className={styles.footer}>
          <SelectionActions />
        </div>
      }
    >
      <ClassGrid label={label} images={images} conflictClasses={conflictClasses} size="large" />
    </Dialog>
  );
}
