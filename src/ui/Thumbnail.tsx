import { useReducer } from 'react';
import { classNames } from './class-names.ts';
import styles from './Thumbnail.module.css';

interface ThumbnailProps {
  readonly hash: string;
  /** `commands.thumbnailUrl`: the address, or null until `onReady` has been called. */
  readonly load: (hash: string, onReady: () => void) => string | null;
  /** What the image is called for people who do not see it; empty where the surroundings say it. */
  readonly alt: string;
  readonly className?: string | undefined;
}

/** A square preview that fills its box; the box stays grey until the picture is there. */
export function Thumbnail({ hash, load, alt, className }: ThumbnailProps) {
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  const url = load(hash, refresh);
  return (
    <span className={classNames(styles.box, className)}>
      {url !== null && <img src={url} alt={alt} draggable={false} decoding="async" className={styles.image} />}
    </span>
  );
}
