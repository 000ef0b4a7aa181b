import { Layers2, LockKeyhole, TriangleAlert } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { ClassLabel, Dataset, ImageId, ImageItem } from '../../domain/dataset.ts';
import { groupsOf } from '../../domain/groups.ts';
import type { AppState } from '../../state/app-state.ts';
import { ImageGrid } from '../../ui/ImageGrid.tsx';
import { MenuBeside } from '../../ui/Menu.tsx';
import { countText } from '../../ui/number-text.ts';
import { Thumbnail } from '../../ui/Thumbnail.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './ClassGrid.module.css';
import type { ConflictClasses } from './conflict-classes.ts';
import { writeDraggedImages } from './dragged-images.ts';
import { ImageWindow } from './ImageWindow.tsx';
import { LOCK_WORDS } from './lock-words.ts';
import { moveActions } from './move-actions.tsx';
import { useClasses } from './use-dataset.ts';

const MIN_CELL_PX = { strip: 56, large: 112 } as const;

const STRIP_ROWS = 2;

const selectSelection = (state: AppState) => state.selection;

interface ClassGridProps {
  readonly label: ClassLabel;
  readonly images: readonly ImageItem[];
  readonly conflictClasses: ConflictClasses;
  /** `strip` has the fixed height of a card; `large` fills what is around it. */
  readonly size: 'strip' | 'large';
}

/** Only the large window shows groups: a strip would be drawn again for every image that comes in anywhere. */
const selectImages = (state: AppState) => state.project?.dataset.images ?? null;
const selectNothing = () => null;

function useGroupSizes(isShown: boolean): ReadonlyMap<ImageId, number> {
  const images = useApp<Dataset['images'] | null>(isShown ? selectImages : selectNothing);
  return useMemo(() => {
    const groups = images === null ? [] : groupsOf({ images }).groups;
    return new Map(groups.flatMap(({ imageIds }) => imageIds.map((id) => [id, imageIds.length])));
  }, [images]);
}

interface Moving {
  readonly imageIds: readonly ImageId[];
  readonly beside: Element;
}

/** The images of one class: select, drag, move, delete and open them. */
export function ClassGrid({ label, images, conflictClasses, size }: ClassGridProps) {
  const commands = useCommands();
  const selection = useApp(selectSelection);
  const classes = useClasses();
  const [opened, setOpened] = useState<ImageItem | null>(null);
  const [moving, setMoving] = useState<Moving | null>(null);

  const groupSizes = useGroupSizes(size === 'large');
  const remarksOf = useCallback(
    (item: ImageItem): { lock: string | null; conflict: string | null; group: string | null } => {
      const groupSize = groupSizes.get(item.id);
      const others = (conflictClasses.get(item.hash) ?? []).filter((id) => id !== label.id);
      const names = classes.filter(({ id }) => others.includes(id)).map(({ name }) => name);
      return {
        lock: item.lockedPart === null ? null : LOCK_WORDS[item.lockedPart],
        conflict: names.length === 0 ? null : `also in ${names.join(', ')}`,
        group: groupSize === undefined ? null : `stays together with ${countText(groupSize - 1)} other images`,
      };
    },
    [conflictClasses, classes, label.id, groupSizes],
  );
  const nameOf = useCallback(
    (item: ImageItem): string => {
      const { lock, conflict, group } = remarksOf(item);
      return [item.name, lock, conflict, group].filter((part) => part !== null).join(', ');
    },
    [remarksOf],
  );
  const renderItem = useCallback(
    (item: ImageItem): ReactNode => {
      const { lock, conflict, group } = remarksOf(item);
      return (
        <>
          <Thumbnail hash={item.hash} load={commands.thumbnailUrl} alt="" />
          {conflict !== null && (
            <span className={styles.conflict} title={`This photo is ${conflict}`}>
              <TriangleAlert aria-hidden="true" />
            </span>
          )}
          {group !== null && (
            <span className={styles.group} title={`This photo ${group}: a burst, near-copies, or joined by you`}>
              <Layers2 aria-hidden="true" />
            </span>
          )}
          {lock !== null && (
            <span className={styles.lock} title={lock.charAt(0).toUpperCase() + lock.slice(1)}>
              <LockKeyhole aria-hidden="true" />
            </span>
          )}
        </>
      );
    },
    [commands, remarksOf],
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
        onMove={(imageIds, beside) => setMoving({ imageIds, beside })}
        onOpen={setOpened}
        onDragStart={writeDraggedImages}
        minCellPx={MIN_CELL_PX[size]}
        {...(size === 'strip' ? { rowsShown: STRIP_ROWS } : {})}
        className={styles[size]}
      />
      {moving !== null && (
        <MenuBeside
          label="Move to class"
          element={moving.beside}
          onClose={() => setMoving(null)}
          groups={[
            {
              id: 'Classes',
              title: moving.imageIds.length === 1 ? 'Move to' : `Move ${moving.imageIds.length} images to`,
              actions: moveActions(classes, (classId) => commands.moveImages(moving.imageIds, classId)),
            },
          ]}
        />
      )}
      {opened !== null && (
        <ImageWindow
          item={opened}
          label={label}
          conflict={remarksOf(opened).conflict}
          onClose={() => setOpened(null)}
        />
      )}
    </>
  );
}
