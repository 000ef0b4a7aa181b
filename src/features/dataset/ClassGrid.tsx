import { LockKeyhole } from 'lucide-react';
import { type ReactNode, useCallback, useState } from 'react';
import type { ClassLabel, ImageItem } from '../../domain/dataset.ts';
import type { AppState } from '../../state/app-state.ts';
import { ImageGrid } from '../../ui/ImageGrid.tsx';
import { Thumbnail } from '../../ui/Thumbnail.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './ClassGrid.module.css';
import { writeDraggedImages } from './dragged-images.ts';
import { ImageWindow } from './ImageWindow.tsx';
import { PART_NAMES } from './part-names.ts';

const MIN_CELL_PX = { strip: 56, large: 112 } as const;

const STRIP_ROWS = 2;

const selectSelection = (state: AppState) => state.selection;

function nameOf(item: ImageItem): string {
  return item.lockedPart === null ? item.name : `${item.name}, always in ${PART_NAMES[item.lockedPart].toLowerCase()}`;
}

interface ClassGridProps {
  readonly label: ClassLabel;
  readonly images: readonly ImageItem[];
  /** `strip` has the fixed height of a card; `large` fills what is around it. */
  readonly size: 'strip' | 'large';
}

/** The images of one class: select, drag, delete and open them. */
export function ClassGrid({ label, images, size }: ClassGridProps) {
  const commands = useCommands();
  const selection = useApp(selectSelection);
  const [opened, setOpened] = useState<ImageItem | null>(null);
  const renderItem = useCallback(
    (item: ImageItem): ReactNode => (
      <>
        <Thumbnail hash={item.hash} load={commands.thumbnailUrl} alt="" />
        {item.lockedPart !== null && (
          <span className={styles.lock} title={`Always in ${PART_NAMES[item.lockedPart].toLowerCase()}`}>
            <LockKeyhole aria-hidden="true" />
          </span>
        )}
      </>
    ),
    [commands],
  );
  return (
    <>
      <ImageGrid
        label={`Images of ${label.name}`}
        items={images}
        renderItem={renderItem}
        nameOf={nameOf}
        selection={selection}
        onSelect={commands.select}
        onDelete={commands.deleteImages}
        onOpen={setOpened}
        onDragStart={writeDraggedImages}
        minCellPx={MIN_CELL_PX[size]}
        {...(size === 'strip' ? { rowsShown: STRIP_ROWS } : {})}
        className={styles[size]}
      />
      {opened !== null && <ImageWindow item={opened} label={label} onClose={() => setOpened(null)} />}
    </>
  );
}
