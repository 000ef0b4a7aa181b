import { type ReactNode, useEffect, useState } from 'react';
import type { ClassLabel, ImageItem } from '../../domain/dataset.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { sizeText } from '../../ui/number-text.ts';
import { Thumbnail } from '../../ui/Thumbnail.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './ImageWindow.module.css';
import { LOCK_WORDS } from './lock-words.ts';

interface ImageWindowProps {
  readonly item: ImageItem;
  readonly label: ClassLabel;
  /** "also in roses", or null. */
  readonly conflict: string | null;
  readonly onClose: () => void;
}

/** One image at full size with what is known about it. */
export function ImageWindow({ item, label, conflict, onClose }: ImageWindowProps) {
  const commands = useCommands();
  const [url, setUrl] = useState<string | null>(null);

  useEffect(() => {
    let made: string | null = null;
    let isGone = false;
    void commands.openOriginal(item.hash).then((blob) => {
      if (blob === null || isGone) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    });
    return () => {
      isGone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [commands, item.hash]);

  return (
    <Dialog title={item.name} isOpen onClose={onClose}>
      <div className={styles.frame} style={{ aspectRatio: `${item.widthPx} / ${item.heightPx}` }}>
        {url === null ? (
          <Thumbnail hash={item.hash} load={commands.thumbnailUrl} alt={item.name} className={styles.waiting} />
        ) : (
          <img src={url} alt={item.name} className={styles.image} />
        )}
      </div>
      <dl className={styles.facts}>
        <Fact name="Class">{conflict === null ? label.name : `${label.name}, ${conflict}`}</Fact>
        <Fact name="Size">
          {item.widthPx} × {item.heightPx} px, {sizeText(item.sizeBytes)}
        </Fact>
        <Fact name="From">{item.path}</Fact>
        <Fact name="Part">{item.lockedPart === null ? 'decided by the split' : LOCK_WORDS[item.lockedPart]}</Fact>
      </dl>
    </Dialog>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
