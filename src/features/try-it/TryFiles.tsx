import { FileArchive, FileDown, FolderOpen } from 'lucide-react';
import { toCsv } from '../../domain/csv.ts';
import { collectDropped, collectPicked } from '../../files/collect-dropped.ts';
import { Button } from '../../ui/Button.tsx';
import { classColor } from '../../ui/class-color.ts';
import { type DataColumn, DataTable } from '../../ui/DataTable.tsx';
import { DropArea } from '../../ui/DropArea.tsx';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { countOf, percentText } from '../../ui/number-text.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useCommands } from '../use-app.tsx';
import { type FileVerdict, verdictRows } from './classify-files.ts';
import styles from './TryItPanel.module.css';
import type { TriedModel } from './tried-model.ts';
import { useFileBatch } from './use-file-batch.ts';

const COLUMNS: readonly DataColumn<FileVerdict>[] = [
  {
    key: 'class',
    label: 'Class',
    value: (verdict) => (verdict.kind === 'classified' ? verdict.className : null),
    cell: (verdict) => <VerdictCell verdict={verdict} />,
  },
  {
    key: 'probability',
    label: 'Sure',
    numeric: true,
    value: (verdict) => (verdict.kind === 'classified' ? verdict.confidenceRatio : null),
    cell: (verdict) => percentText(verdict.kind === 'classified' ? verdict.confidenceRatio : null),
  },
  {
    key: 'file',
    label: 'File',
    value: (verdict) => verdict.path,
    cell: (verdict) => (
      <span className={styles.path} title={verdict.path}>
        {verdict.path}
      </span>
    ),
  },
];

function VerdictCell({ verdict }: { readonly verdict: FileVerdict }) {
  if (verdict.kind === 'failed') return <span className={styles.failed}>{verdict.reason}</span>;
  return (
    <span className={styles.className}>
      <span className={styles.swatch} style={{ background: classColor(verdict.colorIndex) }} />
      {verdict.className}
    </span>
  );
}

/** A folder, a zip or many files at once: a table of what the model says, to keep as CSV. */
export function TryFiles({ model }: { readonly model: TriedModel }) {
  const { downloadText } = useCommands();
  const { batch, start, cancel } = useFileBatch();
  const { kind, verdicts } = batch;
  const saveCsv = () => {
    const names = model.classes.map((label) => label.name);
    downloadText('graft-predictions.csv', 'text/csv', toCsv(verdictRows(verdicts, names)));
  };

  return (
    <DropArea
      onDrop={(data) => void start(collectDropped(data))}
      hint="Classify these files"
      className={styles.try ?? ''}
    >
      <div className={styles.tryBody}>
        <p className={styles.dropHint}>Drop a folder, a zip or many images here. They are not added to the data.</p>
        <div className={styles.buttons}>
          <FilePicker isFolder onPick={(files) => void start(collectPicked(files))}>
            <Button icon={<FolderOpen />}>Choose a folder</Button>
          </FilePicker>
          <FilePicker types={['image/*', '.zip']} isMultiple onPick={(files) => void start(collectPicked(files))}>
            <Button variant="quiet" icon={<FileArchive />}>
              Files or a zip
            </Button>
          </FilePicker>
        </div>
        {kind === 'running' && (
          <div className={styles.progressLine}>
            <ProgressBar label="Classifying" ratio={null} detail={`${countOf(verdicts.length, 'file')} done`} />
            <Button size="small" onPress={cancel}>
              Cancel
            </Button>
          </div>
        )}
        {(kind === 'done' || kind === 'cancelled') && (
          <div className={styles.doneLine} role="status">
            <span>
              {countOf(verdicts.length, 'file')} classified{kind === 'cancelled' ? ', then cancelled' : ''}
            </span>
            {verdicts.length > 0 && (
              <Button size="small" icon={<FileDown />} onPress={saveCsv}>
                Save as CSV
              </Button>
            )}
          </div>
        )}
        {verdicts.length > 0 && (
          <div className={styles.verdicts}>
            <DataTable
              caption="What the model says of the files"
              columns={COLUMNS}
              rows={verdicts}
              rowKey={(verdict) => verdict.path}
            />
          </div>
        )}
      </div>
    </DropArea>
  );
}
