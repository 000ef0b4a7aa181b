import { type DragEvent, type ReactNode, useState } from 'react';
import { classNames } from './class-names.ts';
import styles from './DropArea.module.css';

interface DropAreaProps {
  /** Whether something of these types may be dropped here; `Files` is the type of files and folders. */
  readonly accepts?: (types: readonly string[]) => boolean;
  /** Called inside the drop event: read `DataTransfer` before the first await, it is empty afterwards. */
  readonly onDrop: (data: DataTransfer) => void;
  /** Words shown over the area while something is held above it; null shows only the frame. */
  readonly hint?: string | null;
  readonly isDisabled?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
  /** Marks the area for the paste rule and for tests. */
  readonly 'data-class-id'?: string;
}

function acceptsFiles(types: readonly string[]): boolean {
  return types.includes('Files');
}

/**
 * Takes files, folders or things of the page dropped on it. Areas may lie inside each other: the innermost that accepts wins,
 * which it tells the outer ones by `preventDefault`.
 */
export function DropArea(props: DropAreaProps) {
  const { accepts = acceptsFiles, onDrop, hint = null, isDisabled = false, className, children, ...rest } = props;
  const [isOver, setIsOver] = useState(false);

  function takes(event: DragEvent): boolean {
    return !isDisabled && !event.isDefaultPrevented() && accepts(event.dataTransfer.types);
  }

  function over(event: DragEvent): void {
    const taken = takes(event);
    if (taken) {
      event.preventDefault();
      event.dataTransfer.dropEffect = event.dataTransfer.types.includes('Files') ? 'copy' : 'move';
    }
    setIsOver(taken);
  }

  function leave(event: DragEvent): void {
    const { relatedTarget } = event;
    if (!(relatedTarget instanceof Node) || !event.currentTarget.contains(relatedTarget)) setIsOver(false);
  }

  function drop(event: DragEvent): void {
    setIsOver(false);
    if (!takes(event)) return;
    event.preventDefault();
    onDrop(event.dataTransfer);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; every area has buttons that do the same
    <div
      {...rest}
      className={classNames(styles.area, className)}
      data-drop-target={isOver || undefined}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={leave}
      onDrop={drop}
    >
      {children}
      {isOver && (
        <div className={styles.frame} aria-hidden="true">
          {hint !== null && <span className={styles.hint}>{hint}</span>}
        </div>
      )}
    </div>
  );
}
