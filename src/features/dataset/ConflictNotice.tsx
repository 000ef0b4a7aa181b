import { useDeferredValue, useMemo, useState } from 'react';
import { type Conflict, findConflicts } from '../../domain/conflicts.ts';
import type { Dataset } from '../../domain/dataset.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { countOf } from '../../ui/number-text.ts';
import { ConflictWindow } from './ConflictWindow.tsx';

/** Says that photos are in more than one class, as long as there are any. */
export function ConflictNotice({ dataset }: { readonly dataset: Dataset }) {
  const [isOpen, setIsOpen] = useState(false);
  // Looking through 20,000 images may wait until the page is idle.
  const settled = useDeferredValue(dataset);
  const conflicts: readonly Conflict[] = useMemo(() => findConflicts(settled), [settled]);
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
