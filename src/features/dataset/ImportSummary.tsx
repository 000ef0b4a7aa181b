import { Download } from 'lucide-react';
import { overlapSentence } from '../../domain/part-overlap.ts';
import type { ImportState, RejectedFile } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { LiveText } from '../../ui/LiveText.tsx';
import { Notice, type NoticeTone } from '../../ui/Notice.tsx';
import { countOf, countText } from '../../ui/number-text.ts';
import { Passing } from '../../ui/Passing.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './ImportSummary.module.css';

/** More rows would be slow to show and are in the downloaded list anyway. */
const SHOWN_FILES = 100;

const TONES: Readonly<Record<ImportState['kind'], NoticeTone>> = {
  reading: 'info',
  done: 'success',
  cancelled: 'info',
  failed: 'error',
};

function titleOf({ kind, addedCount }: ImportState): string {
  const added = `${countOf(addedCount, 'image')} added`;
  if (kind === 'cancelled') return `Stopped: ${added}, and kept`;
  return kind === 'failed' ? `The import broke off: ${added}, and kept` : added;
}

/** What happened to the files that were not simply added, one sentence each. */
function remarksOf(state: ImportState): string[] {
  const { duplicateCount, conflictCount, almostBlackCount, overlaps, rejected, message } = state;
  const remarks: string[] = message === null ? [] : [message];
  if (duplicateCount > 0)
    remarks.push(`${countOf(duplicateCount, 'exact copy', 'exact copies')} left out; one of each is kept.`);
  if (conflictCount > 0) remarks.push(`${countOf(conflictCount, 'photo is', 'photos are')} in another class too.`);
  remarks.push(...overlaps.map(overlapSentence));
  if (almostBlackCount > 0) remarks.push(almostBlackWords(almostBlackCount));
  if (rejected.length > 0) remarks.push(`${countOf(rejected.length, 'file')} could not be used.`);
  return remarks;
}

function almostBlackWords(count: number): string {
  return `${countOf(count, 'PNG')} of 16 bits a channel ${count === 1 ? 'uses' : 'use'} only the lowest of them, so the model sees almost nothing but black. Save ${count === 1 ? 'it' : 'them'} with the values spread over the whole range, and add ${count === 1 ? 'it' : 'them'} again.`;
}

/** The end of an import: counts, remarks and the list of files that were left out. */
export function ImportSummary({ state }: { readonly state: ImportState }) {
  const commands = useCommands();
  const remarks = remarksOf(state);
  // Nothing to look into.
  const hasMore = state.rejected.length > 0 || state.overlaps.length > 0 || state.almostBlackCount > 0;
  const isGoodNews = state.kind === 'done' && !hasMore;
  const tone = state.kind === 'done' && hasMore ? 'warning' : TONES[state.kind];
  return (
    <>
      <LiveText text={[titleOf(state), ...remarks].join('. ')} />
      <Passing isPassing={isGoodNews} onPassed={() => commands.dismissImport(state.id)}>
        <Notice tone={tone} title={titleOf(state)} onDismiss={() => commands.dismissImport(state.id)}>
          {remarks.length > 0 && (
            <p>
              {remarks.map((remark) => (
                <span key={remark}>{remark} </span>
              ))}
            </p>
          )}
          {state.rejected.length > 0 && <RejectedFiles importId={state.id} files={state.rejected} />}
        </Notice>
      </Passing>
    </>
  );
}

interface RejectedFilesProps {
  readonly importId: string;
  readonly files: readonly RejectedFile[];
}

function RejectedFiles({ importId, files }: RejectedFilesProps) {
  const commands = useCommands();
  return (
    <Disclosure title="Which files, and why">
      <ul className={styles.files}>
        {files.slice(0, SHOWN_FILES).map((file) => (
          <li key={file.path}>
            <span className={styles.path}>{file.path}</span> {file.reason}
          </li>
        ))}
      </ul>
      {files.length > SHOWN_FILES && <p>And {countText(files.length - SHOWN_FILES)} more, all in the list.</p>}
      <div>
        <Button size="small" icon={<Download />} onPress={() => commands.downloadRejectedList(importId)}>
          Download list
        </Button>
      </div>
    </Disclosure>
  );
}
