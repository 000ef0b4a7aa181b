import { Scale } from 'lucide-react';
import { useMemo } from 'react';
import { chooseComparedImages, DEFAULT_IMAGE_LIMIT, whyTooFewToCompare } from '../../domain/comparison-images.ts';
import type { AppState } from '../../state/app-state.ts';
import { comparingOf } from '../../state/job-selectors.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { useApp } from '../use-app.tsx';
import { CompareProgress } from './CompareProgress.tsx';
import { CompareResults } from './CompareResults.tsx';
import styles from './CompareTab.module.css';
import { NetworkChoice } from './NetworkChoice.tsx';

const selectProject = (state: AppState) => state.project;
const selectComparison = (state: AppState) => state.project?.comparison ?? null;

/** Networks side by side on this device and these photos: choose, measure, see which one is worth its time. */
export function CompareTab() {
  const project = useApp(selectProject);
  const comparing = useApp(comparingOf);
  const comparison = useApp(selectComparison);
  const tooFew = useMemo(
    () => (project === null ? null : whyTooFewToCompare(chooseComparedImages(project, DEFAULT_IMAGE_LIMIT))),
    [project],
  );
  if (tooFew !== null && comparison === null) {
    return (
      <EmptyState icon={<Scale />} title="Which network suits these photos?">
        Graft can try several on this device: how fast each is, what it weighs, and how many of your photos a quick head
        gets right on its features. {tooFew}
      </EmptyState>
    );
  }
  return (
    <div className={styles.tab}>
      {comparing === null ? (
        <NetworkChoice tooFew={tooFew} startsOpen={comparison === null} />
      ) : (
        <CompareProgress comparing={comparing} />
      )}
      {comparison !== null && <CompareResults comparison={comparison} />}
    </div>
  );
}
