import { Gauge, Square } from 'lucide-react';
import {
  type Compression,
  isSameCompression,
  isUncompressed,
  type MeasuredCompression,
} from '../../domain/compression.ts';
import { knownSizes } from '../../domain/measured-sizes.ts';
import type { Run } from '../../domain/run.ts';
import type { AppState, MeasuringState } from '../../state/app-state.ts';
import { jobOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { type DataColumn, DataTable } from '../../ui/DataTable.tsx';
import { countOf, countText, percentText, sizeText } from '../../ui/number-text.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './ExportPanel.module.css';
import { accuracyChange, compressionName } from './size-words.ts';

const selectNetwork = (state: AppState) => state.backbones.current;
const selectMeasuring = (state: AppState) => jobOf(state, 'measuring');

const COLUMNS: readonly DataColumn<MeasuredCompression>[] = [
  {
    key: 'name',
    label: 'Size',
    value: ({ compression }) => compressionName(compression),
    cell: ({ compression }) => <span className={styles.sizeName}>{compressionName(compression)}</span>,
  },
  {
    key: 'bytes',
    label: 'Download',
    numeric: true,
    value: ({ downloadBytes }) => downloadBytes,
    cell: ({ downloadBytes }) => sizeText(downloadBytes),
  },
  {
    key: 'accuracy',
    label: 'Accuracy',
    numeric: true,
    value: ({ answers }) => answers?.correctCountAfter ?? null,
    cell: (row) => <Accuracy row={row} />,
  },
  {
    key: 'changed',
    label: 'Changed',
    numeric: true,
    value: ({ answers }) => answers?.changedCount ?? null,
    cell: ({ answers }) => (answers === null ? '-' : countText(answers.changedCount)),
  },
  {
    key: 'ms',
    label: 'Per image',
    numeric: true,
    value: ({ imageMs }) => imageMs,
    cell: ({ imageMs }) => (imageMs === null ? '-' : `${imageMs.toFixed(1)}\u00a0ms`),
  },
  {
    key: 'file',
    label: 'weights.bin',
    numeric: true,
    value: ({ weightBytes }) => weightBytes,
    cell: ({ weightBytes }) => sizeText(weightBytes),
  },
];

function Accuracy({ row: { answers, compression } }: { readonly row: MeasuredCompression }) {
  if (answers === null || answers.imageCount === 0) return '-';
  const ratio = percentText(answers.correctCountAfter / answers.imageCount, 1);
  return isUncompressed(compression) ? ratio : `${ratio} (${accuracyChange(answers)})`;
}

interface SizeFiguresProps {
  readonly run: Run;
  readonly chosen: Compression;
  /** Why nothing can be measured now; null when it can. */
  readonly disabledReason: string | null;
}

/** What making the weights smaller was measured to do on this device, and the button that measures it. */
export function SizeFigures({ run, chosen, disabledReason }: SizeFiguresProps) {
  const { measureCompression } = useCommands();
  const network = useApp(selectNetwork);
  const job = useApp(selectMeasuring);
  const rows = knownSizes(run, network);
  const isMeasured = rows.some((row) => isSameCompression(row.compression, chosen));
  return (
    <div className={styles.figures}>
      {rows.length > 0 && (
        <DataTable
          caption="Measured sizes"
          captionShown
          columns={COLUMNS}
          rows={rows}
          rowKey={({ compression: key }) => compressionName(key)}
        />
      )}
      <p className={styles.detail}>{explanation(rows, isMeasured)}</p>
      {job === undefined ? (
        <Button
          icon={<Gauge />}
          disabledReason={disabledReason ?? (isMeasured ? 'What is chosen has been measured.' : null)}
          onPress={() => void measureCompression(chosen.prunedRatio)}
        >
          Measure
        </Button>
      ) : (
        <Measuring measuring={job.progress} isEnding={job.phase === 'cancelling'} />
      )}
    </div>
  );
}

/** What the two columns of bytes are of. */
const WHAT_IS_SIZED = '“Download” is the zip with everything in it, “weights.bin” the weights unpacked.';

function explanation(rows: readonly MeasuredCompression[], isMeasured: boolean): string {
  const answers = rows[0]?.answers ?? null;
  if (!isMeasured) {
    return 'What this size does to the answers has not been measured. Measuring runs the smaller models on the test images.';
  }
  if (answers === null || answers.imageCount === 0) {
    return `${WHAT_IS_SIZED} There are no test images to measure answers on. The arithmetic is the same in all sizes but “8 bits, finer”.`;
  }
  const one = (100 / answers.imageCount).toFixed(1);
  return `${WHAT_IS_SIZED} Accuracy on ${countOf(answers.imageCount, 'test image')}, of which one is ${one} points; in brackets the points gained or lost, “Changed” counts other answers, right or wrong. Times differ by chance: all sizes but “8 bits, finer” do the same arithmetic.`;
}

interface MeasuringProps {
  /** null while the test images are read. */
  readonly measuring: MeasuringState | null;
  readonly isEnding: boolean;
}

function Measuring({ measuring, isEnding }: MeasuringProps) {
  const { stopMeasuring } = useCommands();
  return (
    <>
      {measuring === null ? (
        <ProgressBar label="Reading the test images" ratio={null} detail="a moment" />
      ) : (
        <ProgressBar
          label={`Measuring ${compressionName(measuring.compression)}`}
          ratio={(measuring.index + shareOf(measuring)) / Math.max(1, measuring.count)}
          detail={`${measuring.index + 1} of ${measuring.count}`}
        />
      )}
      <Button icon={<Square />} isDisabled={isEnding} onPress={stopMeasuring}>
        Stop and keep what is measured
      </Button>
    </>
  );
}

function shareOf({ doneCount, totalCount }: MeasuringState): number {
  return totalCount === 0 ? 0 : doneCount / totalCount;
}
