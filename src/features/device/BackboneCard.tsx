import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { BackboneEntry, BackboneReport } from '../../domain/backbone.ts';
import { RECOMMENDED_BACKBONE_ID } from '../../domain/backbone-catalogue.ts';
import type { JobProgress } from '../../state/jobs.ts';
import { Badge } from '../../ui/Badge.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useCommands } from '../use-app.tsx';
import { BackboneAction } from './BackboneAction.tsx';
import styles from './BackboneCard.module.css';
import { BackboneFacts } from './BackboneFacts.tsx';
import { backbonePlace } from './backbone-place.ts';
import { downloadedText, downloadRatio, stageText } from './download-text.ts';

/** What a manifest without a source is read as. */
const NOT_STATED = 'not stated';

/** What the network was compared with before use. */
const PROOF_TEXT = {
  original: 'Checked: the same features as the original run by TensorFlow.js.',
  unfolded: 'Checked only against itself, unfolded: TensorFlow.js cannot run the original.',
} as const;

interface BackboneCardProps {
  readonly entry: BackboneEntry;
  /** What it turned out to be, while it is the one in use; null for the others. */
  readonly report: BackboneReport | null;
  readonly isCached: boolean;
  readonly loading: JobProgress['backbone'];
  /** Why the last try to load it failed; null when it did not. */
  readonly error: string | null;
}

/** One network of the picker: what it is good for, its figures, where it is, and the one thing to do with it now. */
export function BackboneCard({ entry, report, isCached, loading, error }: BackboneCardProps) {
  const { id, name, source } = entry.manifest;
  const progress = loading?.id === id ? loading.progress : null;
  const isInUse = report !== null && progress === null;
  return (
    <li className={classNames(styles.card, isInUse && styles.inUse)}>
      <div className={styles.line}>
        <h4 className={styles.name}>{name}</h4>
        {isInUse && <Badge tone="accent">in use</Badge>}
        {!isInUse && id === RECOMMENDED_BACKBONE_ID && <Badge tone="accent">recommended</Badge>}
        {entry.origin === 'own' && <RemoveButton id={id} name={name} isInUse={isInUse} />}
      </div>
      {entry.facts !== undefined && <p className={styles.text}>{entry.facts.whenToUse}</p>}
      <BackboneFacts entry={entry} report={report} />
      {source !== NOT_STATED && <p className={styles.source}>{source}</p>}
      {report?.provedAgainst !== undefined && <p className={styles.source}>{PROOF_TEXT[report.provedAgainst]}</p>}
      {entry.facts?.chosenFile !== undefined && !isInUse && (
        <p className={styles.source}>
          Its maker gives no download that a page may read. File: {entry.facts.chosenFile}
        </p>
      )}
      {error !== null && progress === null && <p className={styles.error}>{error}</p>}
      <div className={styles.end}>
        {progress === null ? (
          <span className={styles.place}>{backbonePlace(entry, isCached)}</span>
        ) : (
          <div className={styles.progress}>
            <ProgressBar
              label={stageText(progress.stage)}
              ratio={downloadRatio(progress)}
              detail={downloadedText(progress)}
            />
          </div>
        )}
        {!isInUse && (
          <BackboneAction
            entry={entry}
            isCached={isCached}
            isLoading={progress !== null}
            isOtherLoading={loading !== null}
            hasFailed={error !== null}
          />
        )}
      </div>
    </li>
  );
}

function RemoveButton({
  id,
  name,
  isInUse,
}: {
  readonly id: string;
  readonly name: string;
  readonly isInUse: boolean;
}) {
  const commands = useCommands();
  const [isAsked, setIsAsked] = useState(false);
  return (
    <>
      <IconButton label={`Remove ${name}`} icon={<Trash2 />} size="small" onPress={() => setIsAsked(true)} />
      {isAsked && (
        <ConfirmDialog
          title={`Remove “${name}” from this browser?`}
          isOpen
          onClose={() => setIsAsked(false)}
          onConfirm={() => void commands.removeBackbone(id)}
          confirmLabel="Remove network"
        >
          {isInUse ? 'It stays in use until you choose another one or reload the page. ' : ''}
          Models trained on it are kept, but need it to classify: bring the same file again for that.
        </ConfirmDialog>
      )}
    </>
  );
}
