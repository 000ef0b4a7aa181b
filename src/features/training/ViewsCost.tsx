import { countOf, durationText } from '../../ui/number-text.ts';
import styles from './Augmentation.module.css';

interface ViewsCostProps {
  readonly viewCount: number;
  readonly trainCount: number;
  /** Measured on this device: changing one image and looking at it. */
  readonly millisecondsPerImage: number;
}

/** What the views cost before the first training with them. */
export function ViewsCost({ viewCount, trainCount, millisecondsPerImage }: ViewsCostProps) {
  const seconds = (viewCount * trainCount * millisecondsPerImage) / 1000;
  return (
    <p className={styles.note}>
      {countOf(viewCount, 'view')} of {countOf(trainCount, 'training image')}: about {durationText(seconds)} more on
      this device, once. They are kept for further runs with the same strengths and seed.
    </p>
  );
}
