import type { BackbonesState } from '../../state/app-state.ts';
import styles from './BackboneList.module.css';
import { BackboneRow } from './BackboneRow.tsx';

/** Every backbone that can be used: what it is, where it is, and which one is in use and why. */
export function BackboneList({ backbones }: { readonly backbones: BackbonesState }) {
  const { entries, current, currentReason } = backbones;
  return (
    <div className={styles.all}>
      <div>
        <h2 className={styles.title}>Backbone</h2>
        <p className={styles.note}>
          A network that has learnt to see on over a million photos. Graft trains a new head on it. A change computes
          the features anew; your labels and runs stay.
        </p>
      </div>
      {current !== null && (
        <p className={styles.reason}>
          In use: <strong>{current.name}</strong>. {currentReason}
        </p>
      )}
      <ul className={styles.list} aria-label="Backbones">
        {entries.map((entry) => (
          <BackboneRow
            key={entry.manifest.id}
            entry={entry}
            isCurrent={entry.manifest.id === current?.id}
            isCached={backbones.cachedIds.includes(entry.manifest.id)}
            loading={backbones.loading}
            error={backbones.lastError?.id === entry.manifest.id ? backbones.lastError.message : null}
          />
        ))}
      </ul>
    </div>
  );
}
