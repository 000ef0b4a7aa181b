import type { ClassId, ClassLabel } from '../../domain/dataset.ts';
import { classColor } from '../../ui/class-color.ts';
import type { MenuAction } from '../../ui/Menu.tsx';
import styles from './SelectionActions.module.css';

/** A menu entry for every class images can be moved to. */
export function moveActions(classes: readonly ClassLabel[], onMove: (classId: ClassId) => void): MenuAction[] {
  return classes.map(({ id, name, colorIndex }) => ({
    id,
    label: name,
    icon: <span className={styles.dot} style={{ background: classColor(colorIndex) }} />,
    onAction: () => onMove(id),
  }));
}
