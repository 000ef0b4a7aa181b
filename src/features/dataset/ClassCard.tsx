import { lazy, memo, Suspense, useState } from 'react';
import type { ClassLabel, ImageItem } from '../../domain/dataset.ts';
import { collectDropped } from '../../files/collect-dropped.ts';
import { DropArea } from '../../ui/DropArea.tsx';
import { countOf } from '../../ui/number-text.ts';
import { useCommands } from '../use-app.tsx';
import { ClassActions, type ClassPart } from './ClassActions.tsx';
import styles from './ClassCard.module.css';
import { ClassColorButton } from './ClassColorButton.tsx';
import { ClassGrid } from './ClassGrid.tsx';
import { ClassNameField } from './ClassNameField.tsx';
import { ClassWindow } from './ClassWindow.tsx';
import type { ConflictClasses } from './conflict-classes.ts';
import { acceptsFilesOrImages, readDraggedImages } from './dragged-images.ts';
import { EmptyClass } from './EmptyClass.tsx';

// Fetched when first opened: the page is usable sooner without it.
const RecorderWindow = lazy(async () => ({ default: (await import('./RecorderWindow.tsx')).RecorderWindow }));

interface ClassCardProps {
  readonly label: ClassLabel;
  readonly images: readonly ImageItem[];
  readonly conflictClasses: ConflictClasses;
}

/** One class: name, colour, count, its images in a strip, and the ways to add to it. Takes files and images dropped on it. */
export const ClassCard = memo(function ClassCard({ label, images, conflictClasses }: ClassCardProps) {
  const commands = useCommands();
  const [open, setOpen] = useState<ClassPart>('none');

  function drop(data: DataTransfer): void {
    const moved = readDraggedImages(data);
    if (moved !== null) commands.moveImages(moved, label.id);
    else void commands.importFiles(collectDropped(data), { classId: label.id });
  }

  return (
    <DropArea
      className={styles.card}
      accepts={acceptsFilesOrImages}
      onDrop={drop}
      hint={`Drop into ${label.name}`}
      data-class-id={label.id}
    >
      <article aria-label={`Class ${label.name}`}>
        <header className={styles.header}>
          <ClassColorButton label={label} />
          <div className={styles.title}>
            <ClassNameField label={label} />
            <span className={styles.count}>{countOf(images.length, 'image')}</span>
          </div>
          <ClassActions label={label} isEmpty={images.length === 0} onShow={setOpen} />
        </header>
        {images.length === 0 ? (
          <EmptyClass onRecord={() => setOpen('recorder')} />
        ) : (
          <ClassGrid label={label} images={images} conflictClasses={conflictClasses} size="strip" />
        )}
      </article>
      {open === 'large' && (
        <ClassWindow label={label} images={images} conflictClasses={conflictClasses} onClose={() => setOpen('none')} />
      )}
      <Suspense>{open === 'recorder' && <RecorderWindow label={label} onClose={() => setOpen('none')} />}</Suspense>
    </DropArea>
  );
});
