import type { BackboneEntry, BackboneOrigin } from '../../domain/backbone.ts';
import type { BackbonesState } from '../../state/app-state.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { sizeText } from '../../ui/number-text.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './BackboneRow.module.css';
import { downloadedText, downloadRatio, stageText } from './download-text.ts';

const ORIGINS: Readonly<Record<BackboneOrigin, string>> = {
  bundled: 'comes with Graft',
  'self-hosted': 'from this site',
  official: 'from its official source',
};

/** What a manifest without a licence or a source is read as. */
const NOT_STATED = 'not stated';

interface BackboneRowProps {
  readonly entry: BackboneEntry;
  readonly isCurrent: boolean;
  readonly isCached: boolean;
  readonly loading: BackbonesState['loading'];
  /** Why the last try to load it failed; null when it did not. */
  readonly error: string | null;
}

/** One backbone of the list with the one thing that can be done with it now. */
export function BackboneRow({ entry, isCurrent, isCached, loading, error }: BackboneRowProps) {
  const commands = useCommands();
  const { id, name, licence, sizeBytes, source } = entry.manifest;
  const progress = loading?.id === id ? loading.progress : null;
  const needsDownload = entry.origin === 'official' && !isCached;
  const verb = error !== null ? 'Try again' : needsDownload ? 'Download and use' : 'Use';
  const origin = entry.origin === 'official' && isCached ? 'kept in this browser' : ORIGINS[entry.origin];

  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <span className={styles.name}>{name}</span>
        {isCurrent && progress === null && <Badge tone="accent">in use</Badge>}
        {progress !== null && (
          <Button size="small" onPress={() => commands.cancelBackboneDownload()} aria-label={`Cancel loading ${name}`}>
            Cancel
          </Button>
        )}
        {!isCurrent && progress === null && (
          <Button
            size="small"
            aria-label={`${verb}: ${name}`}
            // biome-ignore lint/correctness/useHookAtTopLevel: a command called "use", not a hook
            onPress={() => void commands.useBackbone(id)}
            disabledReason={loading === null ? null : 'Another backbone is being loaded.'}
          >
            {verb}
          </Button>
        )}
      </div>
      <p className={styles.facts}>
        {sizeBytes > 0 ? `${sizeText(sizeBytes)} · ` : ''}
        {origin} · {licence === NOT_STATED ? 'licence not stated' : licence}
      </p>
      {source !== NOT_STATED && <p className={styles.facts}>{source}</p>}
      {progress !== null && (
        <div className={styles.progress}>
          <ProgressBar
            label={stageText(progress.stage)}
            ratio={downloadRatio(progress)}
            detail={downloadedText(progress)}
          />
        </div>
      )}
      {error !== null && progress === null && <p className={styles.error}>{error}</p>}
    </li>
  );
}
