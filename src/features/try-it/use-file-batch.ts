import { useEffect, useRef, useState } from 'react';
import type { DroppedFile } from '../../files/dropped-file.ts';
import { useCommands } from '../use-app.tsx';
import { classifyFiles, type FileVerdict } from './classify-files.ts';

/** A batch under way or done. */
interface FileBatch {
  readonly kind: 'none' | 'running' | 'done' | 'cancelled';
  readonly verdicts: readonly FileVerdict[];
}

const NONE: FileBatch = { kind: 'none', verdicts: [] };

/** The table is redrawn this often, not once per file. */
const REDRAW_MS = 300;

/** Classifies whole folders; a new batch ends the one before, and so does leaving the view. */
export function useFileBatch() {
  const { classify } = useCommands();
  const [batch, setBatch] = useState(NONE);
  // Only the latest batch may go on and may write.
  const turn = useRef(0);

  const start = async (files: AsyncIterable<DroppedFile>) => {
    turn.current += 1;
    const mine = turn.current;
    const verdicts: FileVerdict[] = [];
    let drawnAtMs = performance.now();
    setBatch({ kind: 'running', verdicts: [] });
    for await (const verdict of classifyFiles(files, classify)) {
      if (mine !== turn.current) return;
      verdicts.push(verdict);
      if (performance.now() - drawnAtMs < REDRAW_MS) continue;
      drawnAtMs = performance.now();
      setBatch({ kind: 'running', verdicts: [...verdicts] });
    }
    if (mine === turn.current) setBatch({ kind: 'done', verdicts });
  };
  const cancel = () => {
    turn.current += 1;
    setBatch((before) => ({ ...before, kind: 'cancelled' }));
  };

  useEffect(
    () => () => {
      turn.current += 1;
    },
    [],
  );
  return { batch, start, cancel };
}
