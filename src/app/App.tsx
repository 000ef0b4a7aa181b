import { DataPanel } from '../features/dataset/DataPanel.tsx';
import { ExportPanel } from '../features/export/ExportPanel.tsx';
import { TrainingPanel } from '../features/training/TrainingPanel.tsx';
import { TryItPanel } from '../features/try-it/TryItPanel.tsx';
import styles from './App.module.css';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { NoticeRegion } from './NoticeRegion.tsx';
import { PageDrop } from './PageDrop.tsx';
import { PageHeader } from './PageHeader.tsx';
import { ResultsArea } from './ResultsArea.tsx';
import { useShortcuts } from './use-shortcuts.ts';

/** The whole page: header, Data -> Train -> Try it and Export, and the results under them. */
export function App() {
  return (
    <ErrorBoundary>
      <Page />
    </ErrorBoundary>
  );
}

function Page() {
  useShortcuts();
  return (
    <PageDrop>
      <a className={styles.skip} href="#results">
        Skip to the results
      </a>
      <PageHeader />
      <main className={styles.main}>
        <div className={styles.columns}>
          <div className={styles.column}>
            <DataPanel />
          </div>
          <div className={styles.column}>
            <TrainingPanel />
          </div>
          <div className={styles.column}>
            <TryItPanel />
            <ExportPanel />
          </div>
        </div>
        <ResultsArea />
      </main>
      <NoticeRegion />
    </PageDrop>
  );
}
