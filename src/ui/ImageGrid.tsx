import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type UIEvent,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { classNames } from './class-names.ts';
import { movedIndex, nextSelection, type SelectMode } from './grid-selection.ts';
import { gridMetrics, visibleRange } from './grid-window.ts';
import styles from './ImageGrid.module.css';
import { ImageGridCell } from './ImageGridCell.tsx';
import { useBoxSize } from './use-box-size.ts';

const GAP_PX = 4;
/** Cells are made this far out of sight, so that a wheel step shows no holes; in a low grid no more than are in sight. */
const SPARE_PX = 240;

interface ImageGridProps<T extends { readonly id: string }> {
  /** Names the grid for screen readers, for example "Images of Daisy". */
  readonly label: string;
  readonly items: readonly T[];
  /** The square of one item. */
  readonly renderItem: (item: T) => ReactNode;
  /** What an item is called for screen readers. */
  readonly nameOf: (item: T) => string;
  readonly selection: ReadonlySet<string>;
  readonly onSelect: (ids: readonly string[]) => void;
  /** Delete or Backspace on a selection. */
  readonly onDelete?: (ids: readonly string[]) => void;
  /** The key M on a selection; a menu may open beside the square meant. */
  readonly onMove?: (ids: readonly string[], square: Element) => void;
  /** Enter or a double click. */
  readonly onOpen?: (item: T) => void;
  /** Fills the drag's `DataTransfer`; without it nothing can be dragged. */
  readonly onDragStart?: (data: DataTransfer, ids: readonly string[]) => void;
  readonly minCellPx: number;
  /** Whole rows in sight: sets the height. Without it the height comes from `className`. */
  readonly rowsShown?: number;
  readonly className?: string | undefined;
}

/**
 * A scrolled grid of squares that makes only those in sight, so that 20,000 cost as much as 50.
 * Focus stays on the grid; `aria-activedescendant` says which square is meant. Its height comes from `rowsShown` or `className`.
 */
export function ImageGrid<T extends { readonly id: string }>(props: ImageGridProps<T>) {
  const { items, selection, onSelect, minCellPx, onDragStart } = props;
  const gridId = useId();
  const box = useBoxSize();
  const [scrollTopPx, setScrollTopPx] = useState(0);
  const [active, setActive] = useState(0);
  const anchor = useRef(0);
  const ids = useMemo(() => items.map((item) => item.id), [items]);
  const metrics = gridMetrics(items.length, box.widthPx, minCellPx, GAP_PX);
  const range = visibleRange(metrics, items.length, scrollTopPx, box.heightPx, Math.min(SPARE_PX, box.heightPx));
  const activeIndex = Math.min(active, Math.max(0, items.length - 1));

  function pick(index: number, mode: SelectMode): void {
    setActive(index);
    onSelect(nextSelection(selection, ids, anchor.current, index, mode));
    if (mode !== 'range') anchor.current = index;
  }

  function reveal(index: number): void {
    const element = box.element.current;
    if (element === null) return;
    const top = Math.floor(index / metrics.columnCount) * metrics.rowPx;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + metrics.cellPx > element.scrollTop + box.heightPx) {
      element.scrollTop = top + metrics.cellPx - box.heightPx;
    }
  }

  function keyDown(event: KeyboardEvent): void {
    const hasCommand = event.ctrlKey || event.metaKey;
    const item = items[activeIndex];
    if (item === undefined) return;
    const moved = movedIndex(
      event.key,
      activeIndex,
      items.length,
      metrics.columnCount,
      Math.max(1, Math.floor(box.heightPx / metrics.rowPx)),
    );
    if (moved !== null) {
      if (hasCommand && !event.shiftKey) setActive(moved);
      else pick(moved, event.shiftKey ? 'range' : 'replace');
      reveal(moved);
    } else if (event.key === ' ') pick(activeIndex, event.shiftKey ? 'range' : 'toggle');
    else if (event.key.toLowerCase() === 'a' && hasCommand) onSelect(ids);
    else if (event.key === 'Escape' && selection.size > 0) onSelect([]);
    else if (event.key === 'Enter' && props.onOpen !== undefined) props.onOpen(item);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && props.onDelete !== undefined) {
      props.onDelete(selection.size > 0 ? [...selection] : [item.id]);
    } else if (event.key.toLowerCase() === 'm' && !hasCommand && !event.altKey && props.onMove !== undefined) {
      const square = document.getElementById(`${gridId}-${activeIndex}`) ?? event.currentTarget;
      props.onMove(selection.size > 0 ? [...selection] : [item.id], square);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const layout: CSSProperties = {
    top: Math.floor(range.start / metrics.columnCount) * metrics.rowPx,
    gridTemplateColumns: `repeat(${metrics.columnCount}, 1fr)`,
    gap: GAP_PX,
  };
  const isActiveMade = box.widthPx > 0 && activeIndex >= range.start && activeIndex < range.end;

  return (
    <div
      ref={box.attach}
      className={classNames(styles.scroller, props.className)}
      style={
        props.rowsShown === undefined || box.widthPx === 0 ? {} : { height: props.rowsShown * metrics.rowPx - GAP_PX }
      }
      role="listbox"
      aria-label={props.label}
      aria-multiselectable="true"
      aria-activedescendant={isActiveMade ? `${gridId}-${activeIndex}` : undefined}
      aria-keyshortcuts={props.onMove === undefined ? undefined : 'M'}
      tabIndex={0}
      onScroll={(event: UIEvent<HTMLDivElement>) => setScrollTopPx(event.currentTarget.scrollTop)}
      onKeyDown={keyDown}
    >
      <div className={styles.space} style={{ height: metrics.totalPx }} role="presentation">
        <div className={styles.window} style={layout} role="presentation">
          {box.widthPx > 0 &&
            items.slice(range.start, range.end).map((item, offset) => {
              const index = range.start + offset;
              return (
                <ImageGridCell
                  key={item.id}
                  domId={`${gridId}-${index}`}
                  name={props.nameOf(item)}
                  index={index}
                  count={items.length}
                  isSelected={selection.has(item.id)}
                  isActive={index === activeIndex}
                  onPick={(mode) => pick(index, mode)}
                  onOpen={() => props.onOpen?.(item)}
                  {...(onDragStart === undefined
                    ? {}
                    : {
                        onDragStart: (data: DataTransfer) =>
                          onDragStart(data, selection.has(item.id) ? [...selection] : [item.id]),
                      })}
                >
                  {props.renderItem(item)}
                </ImageGridCell>
              );
            })}
        </div>
      </div>
    </div>
  );
}
