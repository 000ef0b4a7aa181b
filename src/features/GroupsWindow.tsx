import { useState } from 'react';
import type { Dataset, ImageItem } from '../domain/dataset.ts';
import { groupsOf } from '../domain/groups.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { countOf, countText } from '../ui/number-text.ts';
import { Thumbnail } from '../ui/Thumbnail.tsx';
import styles from './GroupsWindow.module.css';
import { useCommands } from './use-app.tsx';

/** Groups shown at first, and with every "Show more". */
const PAGE_GROUPS = 40;
/** Photos shown of each. */
const SHOWN_PHOTOS = 10;

interface GroupsWindowProps {
  readonly dataset: Dataset;
  readonly onClose: () => void;
}

/** All bursts, near-copies and joined photos, largest first; each can be taken apart. */
export function GroupsWindow({ dataset, onClose }: GroupsWindowProps) {
  const commands = useCommands();
  const [shownCount, setShownCount] = useState(PAGE_GROUPS);
  const groups = groupsOf(dataset).groups.toSorted((one, other) => other.imageIds.length - one.imageIds.length);
  return (
    <Dialog title={`Groups: ${countText(groups.length)}`} isOpen onClose={onClose} size="large">
      <p className={styles.intro}>
        Photos of one moment, and copies of one photo, stay in one part of the split and in one fold. Near-copies are
        looked for when a run starts. To join photos, select them in the window of their class.
      </p>
      <ul className={styles.groups}>
        {groups.slice(0, shownCount).map(({ id, imageIds }) => (
          <li key={id} className={styles.group}>
            <Group
              items={imageIds.flatMap((imageId) => dataset.images.get(imageId) ?? [])}
              dataset={dataset}
              onSplit={() => commands.splitImages(imageIds)}
            />
          </li>
        ))}
      </ul>
      {groups.length > shownCount && (
        <Button onPress={() => setShownCount(shownCount + PAGE_GROUPS)}>
          Show more ({countText(groups.length - shownCount)} left)
        </Button>
      )}
    </Dialog>
  );
}

interface GroupProps {
  readonly items: readonly ImageItem[];
  readonly dataset: Dataset;
  readonly onSplit: () => void;
}

function Group({ items, dataset, onSplit }: GroupProps) {
  const { thumbnailUrl } = useCommands();
  const used = new Set(items.map(({ classId }) => classId));
  const names = dataset.classes.filter(({ id }) => used.has(id)).map(({ name }) => name);
  const title = `${countOf(items.length, 'photo')} of ${names.join(' and ')}`;
  return (
    <section aria-label={title}>
      <header className={styles.head}>
        <h3>{title}</h3>
        <Button size="small" variant="quiet" onPress={onSplit}>
          Keep apart
        </Button>
      </header>
      <div className={styles.photos}>
        {items.slice(0, SHOWN_PHOTOS).map(({ id, hash, name }) => (
          <Thumbnail key={id} hash={hash} load={thumbnailUrl} alt={name} className={styles.photo} />
        ))}
        {items.length > SHOWN_PHOTOS && (
          <span className={styles.more}>and {countText(items.length - SHOWN_PHOTOS)} more</span>
        )}
      </div>
    </section>
  );
}
