import { lazy, Suspense } from 'react';
import { useApp, useCommands } from '../features/use-app.tsx';
import type { AppState, ResultsTab as TabId } from '../state/app-state.ts';
import { type TabItem, Tabs } from '../ui/Tabs.tsx';
import styles from './ResultsArea.module.css';

// The charts are the heaviest part of the page; it is usable before they have come.
const LiveTab = lazy(async () => ({ default: (await import('../features/results/LiveTab.tsx')).LiveTab }));
const ResultsTab = lazy(async () => ({ default: (await import('../features/results/ResultsTab.tsx')).ResultsTab }));
const MistakesTab = lazy(async () => ({ default: (await import('../features/results/MistakesTab.tsx')).MistakesTab }));
const CompareTab = lazy(async () => ({ default: (await import('../features/compare/CompareTab.tsx')).CompareTab }));
const TuneTab = lazy(async () => ({ default: (await import('../features/tune/TuneTab.tsx')).TuneTab }));
const RunsTab = lazy(async () => ({ default: (await import('../features/runs/RunsTab.tsx')).RunsTab }));

const selectTab = (state: AppState) => state.tab;
const selectRunCount = (state: AppState) => state.runs.length;

/** The wide area under the columns: the run as it goes, its scores, its mistakes, earlier runs, and better settings or networks. */
export function ResultsArea() {
  const tab = useApp(selectTab);
  const runCount = useApp(selectRunCount);
  const commands = useCommands();
  const items: readonly TabItem<TabId>[] = [
    { id: 'live', label: 'Live', content: <LiveTab /> },
    { id: 'results', label: 'Results', content: <ResultsTab /> },
    { id: 'mistakes', label: 'Mistakes', content: <MistakesTab /> },
    { id: 'runs', label: 'Runs', ...(runCount > 0 ? { badge: runCount } : {}), content: <RunsTab /> },
    { id: 'tune', label: 'Tune', content: <TuneTab /> },
    { id: 'compare', label: 'Compare', content: <CompareTab /> },
  ];
  return (
    <section
      id="results"
      aria-label="Results"
      className={styles.area}
      data-filled={runCount > 0 || undefined}
      tabIndex={-1}
    >
      <Tabs
        label="Results"
        items={items.map((item) => ({
          ...item,
          content: <Suspense fallback={<div className={styles.waiting} />}>{item.content}</Suspense>,
        }))}
        selected={tab === 'map' ? 'live' : tab}
        onSelect={(id) => commands.showTab(id)}
      />
    </section>
  );
}
