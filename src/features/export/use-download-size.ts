import { useEffect, useMemo, useState } from 'react';
import type { ExportOptions } from '../../commands/commands.ts';
import { type Compression, isUncompressed } from '../../domain/compression.ts';
import type { AppState } from '../../state/app-state.ts';
import { comparingOf, exportingOf, isLearning, measuringOf } from '../../state/job-selectors.ts';
import { useApp, useCommands } from '../use-app.tsx';

/** Bytes of a download, or why they are not known: not asked for yet, being computed, or it could not be packed. */
export type DownloadSize = number | 'unknown' | 'computing' | 'failed';

/** A slider that is still moving is not worth a packed model. */
const SETTLED_MS = 400;

const selectRunId = (state: AppState) => state.artifacts?.runId ?? null;
const selectBackbone = (state: AppState) => state.backbones.current;
const selectName = (state: AppState) => state.project?.name ?? '';
const selectImages = (state: AppState) => state.project?.dataset.images ?? null;
const selectIsBusy = (state: AppState) =>
  isLearning(state) ||
  [exportingOf(state), measuringOf(state), comparingOf(state)].some((work) => work !== null) ||
  state.import?.kind === 'reading';

/** What a script or a press of the button asks for. */
export function exportOptions(kind: ExportOptions['kind'], compression: Compression): ExportOptions {
  return kind === 'head-only' || isUncompressed(compression) ? { kind } : { kind, compression };
}

/**
 * The size of a download, by packing it as the button does. Packing takes seconds: it waits until the size is wanted, the
 * choice has settled, and nothing else is computed.
 */
export function useDownloadSize(
  kind: ExportOptions['kind'],
  { encoding, prunedRatio }: Compression,
  isWanted: boolean,
): DownloadSize {
  const { downloadSize } = useCommands();
  const isBusy = useApp(selectIsBusy);
  const runId = useApp(selectRunId);
  const backbone = useApp(selectBackbone);
  // The model card has the name of the project in it, and five of its images go along.
  const name = useApp(selectName);
  const images = useApp(selectImages);
  // Stands for all that the packed files hold: a size of something else is never shown, not even for a moment.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the packed files hold besides the choice.
  const subject = useMemo(() => ({}), [kind, encoding, prunedRatio, runId, backbone, name, images]);
  const [last, setLast] = useState<{ readonly subject: object; readonly size: DownloadSize } | null>(null);
  const size = last?.subject === subject ? last.size : 'unknown';
  const isKnown = typeof size === 'number' || size === 'failed';
  useEffect(() => {
    if (!isWanted || isBusy || isKnown || runId === null || backbone === null) return;
    const stop = new AbortController();
    const compute = async () => {
      setLast({ subject, size: 'computing' });
      const options = exportOptions(kind, { encoding, prunedRatio });
      const bytes = await downloadSize(options, stop.signal).catch(() => 'failed' as const);
      if (!stop.signal.aborted) setLast({ subject, size: bytes });
    };
    const timer = setTimeout(() => void compute(), SETTLED_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [downloadSize, isWanted, isBusy, isKnown, kind, encoding, prunedRatio, runId, backbone, subject]);
  return size;
}
