import { useState } from 'react';
import type { Conflict } from '../../domain/conflicts.ts';
import type { Dataset } from '../../domain/dataset.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { countOf } from '../../ui/number-text.ts';
import { ConflictWindow } from './ConflictWindow.tsx';

interface ConflictNoticeProps {
  readonly conflicts: readonly Conflict[];
  readonly dataset: Dataset;
}

/** Says that photos are in more than one class, as long as there are any. */
export function ConflictNotice({ conflicts, dataset }: ConflictNoticeProps) {
  const [isOpen, setIsOpen] = useState(false);
  if (conflicts.length === 0) return null;
  return (
    <>
      <Notice
        tone="warning"
        title={`${countOf(conflicts.length, 'photo is', 'photos are')} in more than one class`}
        actions={
          <Button size="small" onPress={() => setIsOpen(true)}>
            Choose the right class
          </Button>
        }
      >
        The model cannot learn from a photo with two labels.
      </Notice>
      {isOpen && <ConflictWindow conflicts={conflicts} dataset={dataset} onClose={() => setIsOpen(false)} />}
    </>
  );
}
