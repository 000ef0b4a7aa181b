import { Check } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import type { SelectMode } from './grid-selection.ts';
import styles from './ImageGrid.module.css';

interface ImageGridCellProps {
  readonly domId: string;
  readonly name: string;
  /** Position in the whole grid, 0-based, and how many there are; most of them are not in the document. */
  readonly index: number;
  readonly count: number;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly onPick: (mode: SelectMode) => void;
  readonly onOpen: () => void;
  readonly onDragStart?: (data: DataTransfer) => void;
  readonly children: ReactNode;
}

function modeOf(event: MouseEvent): SelectMode {
  if (event.shiftKey) return 'range';
  return event.ctrlKey || event.metaKey ? 'toggle' : 'replace';
}

/** One square of an `ImageGrid`. */
export function ImageGridCell(props: ImageGridCellProps) {
  const { onDragStart } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the grid, aria-activedescendant points here
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys
    <div
      id={props.domId}
      role="option"
      aria-label={props.name}
      aria-selected={props.isSelected}
      aria-posinset={props.index + 1}
      aria-setsize={props.count}
      className={styles.cell}
      data-active={props.isActive || undefined}
      draggable={onDragStart !== undefined}
      onClick={(event) => props.onPick(modeOf(event))}
      onDoubleClick={props.onOpen}
      onDragStart={(event) => onDragStart?.(event.dataTransfer)}
    >
      {props.children}
      {props.isSelected && (
        <span className={styles.tick} aria-hidden="true">
          <Check />
        </span>
      )}
    </div>
  );
}
