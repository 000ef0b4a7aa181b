import { useEffect, useMemo, useRef } from 'react';
import type { Dataset } from '../../domain/dataset.ts';
import { PARTS } from '../../domain/dataset.ts';
import { predictedImages } from '../../domain/metrics/predicted.ts';
import type { Predictions, Run } from '../../domain/run.ts';
import type { Gallery } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { countOf } from '../../ui/number-text.ts';
import { useCommands } from '../use-app.tsx';
import styles from './ImageGallery.module.css';
import { JudgedGrid } from './JudgedGrid.tsx';
import { judgeImages } from './judged-image.ts';

interface ImageGalleryProps {
  readonly gallery: Gallery;
  readonly run: Run;
  readonly predictions: Predictions;
  readonly dataset: Dataset;
}

/** The images behind a cell or a row of the matrix. Takes the focus when it opens, so that the keyboard goes on from there. */
export function ImageGallery({ gallery, run, predictions, dataset }: ImageGalleryProps) {
  const { showGallery } = useCommands();
  const heading = useRef<HTMLHeadingElement>(null);
  const images = useMemo(() => {
    const wanted = new Set(gallery.imageIds);
    const all = PARTS.flatMap((part) => predictedImages(predictions, part));
    return judgeImages(
      all.filter((image) => wanted.has(image.imageId)),
      run,
      dataset,
    );
  }, [gallery, run, predictions, dataset]);
  const deletedCount = gallery.imageIds.length - images.length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each newly opened gallery takes the focus.
  useEffect(() => heading.current?.focus(), [gallery]);

  return (
    <section className={styles.gallery} aria-label={gallery.title}>
      <header className={styles.head}>
        <h3 ref={heading} tabIndex={-1}>
          {gallery.title} <span className={styles.count}>{countOf(images.length, 'image')}</span>
        </h3>
        <Button variant="quiet" onPress={() => showGallery(null)}>
          Close
        </Button>
      </header>
      {deletedCount > 0 && <p className={styles.count}>{countOf(deletedCount, 'image')} of it deleted since.</p>}
      {/* The key starts each gallery at its first page. */}
      <JudgedGrid key={gallery.title} images={images} />
    </section>
  );
}
