import type { ReactNode } from 'react';
import type { ClassLabel } from '../../domain/dataset.ts';
import { classColor } from '../../ui/class-color.ts';
import { percentText } from '../../ui/number-text.ts';
import { Thumbnail } from '../../ui/Thumbnail.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './JudgedTile.module.css';
import type { JudgedImage } from './judged-image.ts';

interface JudgedTileProps {
  readonly image: JudgedImage;
  /** Buttons below the words. */
  readonly actions?: ReactNode;
}

/** One image with its actual class, what the model says, how sure it is, its part and its file name. */
export function JudgedTile({ image, actions }: JudgedTileProps) {
  const { item, actual, predicted, confidenceRatio, partAdjective } = image;
  const { thumbnailUrl } = useCommands();
  const wrong = actual.id !== predicted.id;
  return (
    <li className={styles.tile}>
      <Thumbnail hash={item.hash} load={thumbnailUrl} alt={`${item.name}, ${actual.name}`} />
      <dl className={styles.facts}>
        <dt>Actual</dt>
        <dd>
          <ClassName label={actual} />
        </dd>
        <dt>Predicted</dt>
        <dd data-wrong={wrong || undefined}>
          <ClassName label={predicted} />
          <span className={styles.confidence}>{percentText(confidenceRatio)}</span>
        </dd>
      </dl>
      <p className={styles.file} title={item.path}>
        <span className={styles.name}>{item.name}</span>
        <span>{partAdjective}</span>
      </p>
      {actions}
    </li>
  );
}

function ClassName({ label }: { readonly label: ClassLabel }) {
  return (
    <span className={styles.className} title={label.name}>
      <span className={styles.swatch} style={{ background: classColor(label.colorIndex) }} />
      <span className={styles.name}>{label.name}</span>
    </span>
  );
}
