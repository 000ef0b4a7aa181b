import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import styles from './JudgedTile.module.css';
import { JudgedTile } from './JudgedTile.tsx';
import type { JudgedImage } from './judged-image.ts';

interface JudgedGridProps {
  readonly images: readonly JudgedImage[];
  readonly actions?: (image: JudgedImage) => ReactNode;
}

const TILES_AT_ONCE = 48;

/** Tiles in the given order; the first 48 until more are asked for. */
export function JudgedGrid({ images, actions }: JudgedGridProps) {
  const [shownCount, setShownCount] = useState(TILES_AT_ONCE);
  const hiddenCount = images.length - shownCount;
  return (
    <>
      <ul className={styles.grid}>
        {images.slice(0, shownCount).map((image) => (
          <JudgedTile key={image.item.id} image={image} actions={actions?.(image)} />
        ))}
      </ul>
      {hiddenCount > 0 && (
        <Button variant="secondary" onPress={() => setShownCount(shownCount + TILES_AT_ONCE)}>
          Show {Math.min(hiddenCount, TILES_AT_ONCE)} more of {hiddenCount}
        </Button>
      )}
    </>
  );
}
