import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { countParts } from '../domain/count-parts.ts';
import { groupSentence } from '../domain/group-words.ts';
import type { AppState } from '../state/app-state.ts';
import { Button } from '../ui/Button.tsx';
import { useApp } from './use-app.tsx';

// Fetched when first opened: the page is usable sooner without it.
const GroupsWindow = lazy(async () => ({ default: (await import('./GroupsWindow.tsx')).GroupsWindow }));

const selectDataset = (state: AppState) => state.project?.dataset ?? null;
const selectSplit = (state: AppState) => state.project?.split ?? null;

const NO_TEST =
  'None is left to test on: no class has a second burst. Add photos of other moments for a score, or keep the photos apart.';

/** What bursts and near-copies do to the split, and the way to see and change them; nothing where there are none. */
export function GroupsLine() {
  // Dealing out 20,000 images may wait until the page is idle.
  const dataset = useDeferredValue(useApp(selectDataset));
  const split = useApp(selectSplit);
  const [isOpen, setIsOpen] = useState(false);
  const parts = useMemo(
    () => (dataset === null || split === null ? null : countParts(dataset, split)),
    [dataset, split],
  );
  if (parts === null || dataset === null || split === null) return null;
  const sentence = groupSentence(parts.groups, 'now');
  if (sentence === null && !isOpen) return null;
  return (
    <div>
      <p>
        {sentence} {parts.test === 0 && split.testRatio > 0 && NO_TEST}
      </p>
      <Button variant="quiet" size="small" onPress={() => setIsOpen(true)}>
        Show groups
      </Button>
      <Suspense>{isOpen && <GroupsWindow dataset={dataset} onClose={() => setIsOpen(false)} />}</Suspense>
    </div>
  );
}
