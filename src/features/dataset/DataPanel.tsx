import { useDeferredValue, useMemo, useState } from 'react';
import { findConflicts } from '../../domain/conflicts.ts';
import type { AppState } from '../../state/app-state.ts';
import { countOf } from '../../ui/number-text.ts';
import { Panel } from '../../ui/Panel.tsx';
import { useApp } from '../use-app.tsx';
import { AddImages } from './AddImages.tsx';
import { ClassCard } from './ClassCard.tsx';
import { ConflictNotice } from './ConflictNotice.tsx';
import { createConflictIndex } from './conflict-classes.ts';
import { DataFooter } from './DataFooter.tsx';
import styles from './DataPanel.module.css';
import { FirstImages } from './FirstImages.tsx';
import { createImageGrouper } from './images-by-class.ts';
import { useDataset } from './use-dataset.ts';

const selectIsImportShown = (state: AppState) => state.import !== null;
const selectIsReading = (state: AppState) => state.project === null;

/** The Data column: classes with their images, and every way to bring images in. */
export function DataPanel() {
  const isReading = useApp(selectIsReading);
  const dataset = useDataset();
  const [group] = useState(createImageGrouper);
  // The cards are drawn in slices while nothing else waits: during an import there is a new state several times a second.
  const settled = useDeferredValue(dataset);
  const images = useMemo(() => group(settled), [group, settled]);
  const conflicts = useMemo(() => findConflicts(settled), [settled]);
  const [indexConflicts] = useState(createConflictIndex);
  const conflictClasses = useMemo(() => indexConflicts(conflicts), [indexConflicts, conflicts]);
  const { classes } = settled;
  const isEmpty = classes.length === 0;
  const isImportShown = useApp(selectIsImportShown);

  return (
    <Panel
      title="Data"
      {...(isEmpty
        ? {}
        : {
            meta: `${countOf(dataset.images.size, 'image')} in ${countOf(classes.length, 'class', 'classes')}`,
            actions: <AddImages />,
          })}
      {...(isEmpty && !isImportShown ? {} : { footer: <DataFooter canAdd={!isEmpty} /> })}
    >
      {!isEmpty && <ConflictNotice conflicts={conflicts} dataset={settled} />}
      {isReading ? (
        <p className={styles.reading}>Opening your project…</p>
      ) : isEmpty ? (
        <FirstImages />
      ) : (
        <ul className={styles.classes} aria-label="Classes">
          {classes.map((label) => (
            <li key={label.id}>
              <ClassCard label={label} images={images.get(label.id) ?? NO_IMAGES} conflictClasses={conflictClasses} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const NO_IMAGES: readonly never[] = [];
