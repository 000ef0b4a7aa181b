import { SlidersHorizontal } from 'lucide-react';
import type { AppState } from '../../state/app-state.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { useApp } from '../use-app.tsx';
import { CrossValidationSection } from './CrossValidationSection.tsx';
import { LearningCurveSection } from './LearningCurveSection.tsx';
import { LearningRateSection } from './LearningRateSection.tsx';
import { SearchSection } from './SearchSection.tsx';
import styles from './TuneTab.module.css';
import { trialNotes } from './trial-notes.ts';

const selectHasImages = (state: AppState) => (state.project?.dataset.images.size ?? 0) > 0;
const selectHasSearch = (state: AppState) => (state.project?.search ?? null) !== null;

/** Better settings, found by trying: a search, cross-validation, and what the rate and the number of images do. */
export function TuneTab() {
  const hasImages = useApp(selectHasImages);
  const hasSearch = useApp(selectHasSearch);
  if (!hasImages && !hasSearch) {
    return (
      <EmptyState icon={<SlidersHorizontal />} title="Which settings suit these photos?">
        Graft can try many settings on cached features, estimate how steady a score is, find a learning rate, and say
        what more images would bring. Add at least two classes with images first.
      </EmptyState>
    );
  }
  return (
    <div className={styles.tab}>
      <TrialNotes />
      <SearchSection />
      <CrossValidationSection />
      <div className={styles.pair}>
        <LearningRateSection />
        <LearningCurveSection />
      </div>
    </div>
  );
}

const selectSettings = (state: AppState) => state.project?.settings ?? null;

/** What holds for all that is tried here. */
function TrialNotes() {
  const settings = useApp(selectSettings);
  const notes = settings === null ? [] : trialNotes(settings);
  return notes.length === 0 ? null : (
    <div className={styles.words}>
      {notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
    </div>
  );
}
