import { useCallback } from 'react';
import type { AugmentedSamples } from '../../commands/augment-samples.ts';
import type { ContentHash } from '../../domain/dataset.ts';
import styles from './Augmentation.module.css';

interface AugmentSamplesProps {
  /** What there will be samples of. */
  readonly hashes: readonly ContentHash[];
  readonly samples: AugmentedSamples | null;
}

/** Views of the user's own images as training would see them; the places are there before the views. */
export function AugmentSamples({ hashes, samples }: AugmentSamplesProps) {
  return (
    <div className={styles.samples} role="img" aria-label={`${hashes.length} of your images, changed as in training`}>
      {hashes.map((hash, index) => (
        <Sample key={hash} samples={samples} index={index} />
      ))}
    </div>
  );
}

function Sample({ samples, index }: { readonly samples: AugmentedSamples | null; readonly index: number }) {
  const draw = useCallback(
    (canvas: HTMLCanvasElement | null) => {
      if (canvas === null || samples === null || index >= samples.hashes.length) return;
      const { side, pixels } = samples;
      const length = side * side * 4;
      const own = pixels.slice(index * length, (index + 1) * length);
      if (canvas.width !== side) {
        canvas.width = side;
        canvas.height = side;
      }
      canvas.getContext('2d')?.putImageData(new ImageData(own, side, side), 0, 0);
    },
    [samples, index],
  );
  return <canvas ref={draw} className={styles.sample} />;
}
