import { useDeferredValue, useMemo } from 'react';
import { countParts } from '../../domain/count-parts.ts';
import type { AppState } from '../../state/app-state.ts';
import { countOf, countText } from '../../ui/number-text.ts';
import { GroupsLine } from '../GroupsLine.tsx';
import { useApp } from '../use-app.tsx';
import styles from './TrainingPanel.module.css';

const selectDataset = (state: AppState) => state.project?.dataset ?? null;
const selectSplit = (state: AppState) => state.project?.split ?? null;

/** With fewer images a class, a score says little and differs from seed to seed. */
const ENOUGH_PER_CLASS = 20;

/** What a run would use, before the first one: how many images teach, how many are kept aside. */
export function RunPlan() {
  // Dealing out 20,000 images may wait until the page is idle.
  const dataset = useDeferredValue(useApp(selectDataset));
  const split = useApp(selectSplit);
  const parts = useMemo(
    () => (dataset === null || split === null ? null : countParts(dataset, split)),
    [dataset, split],
  );
  if (parts === null || parts.trainByClass.length < 2) return null;
  const imageCount = parts.train + parts.validation + parts.test;
  return (
    <div className={styles.plan}>
      <p>
        {countOf(imageCount, 'image')} in {countOf(parts.trainByClass.length, 'class', 'classes')}:{' '}
        {countText(parts.train)} to learn from, {countText(parts.validation)} to decide when to stop,{' '}
        {countText(parts.test)} kept back to score the model honestly.
      </p>
      <GroupsLine />
      {Math.min(...parts.trainByClass) < ENOUGH_PER_CLASS && (
        <p>
          A class has fewer than {ENOUGH_PER_CLASS} images to learn from. It works, but more make the model steadier.
        </p>
      )}
    </div>
  );
}
