import { RotateCcw } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { datasetFingerprint } from '../../domain/fingerprint.ts';
import { pendingOf } from '../../domain/search.ts';
import { isSameSearchBasis, type SearchRecord } from '../../domain/search-record.ts';
import type { AppState } from '../../state/app-state.ts';
import { jobOf, trainingOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { countOf } from '../../ui/number-text.ts';
import { useApp, useCommands } from '../use-app.tsx';
import { whyNotTrain } from '../why-not-train.ts';
import { SearchForm } from './SearchForm.tsx';
import { SearchResults } from './SearchResults.tsx';
import { validationCount } from './search-rows.ts';
import { TuneProgress } from './TuneProgress.tsx';
import { TuneSection } from './TuneSection.tsx';
import styles from './TuneTab.module.css';

const selectProject = (state: AppState) => state.project;
const selectTuning = (state: AppState) => jobOf(state, 'search')?.progress.tuning ?? null;
const selectBackboneId = (state: AppState) => state.backbones.current?.id ?? 'unknown';
const selectBackboneSha256 = (state: AppState) => state.backbones.current?.sha256 ?? null;
const selectIsTraining = (state: AppState) => ['running', 'evaluating'].includes(trainingOf(state).kind);

/** A search for settings: its form, its progress, and what it found so far. */
export function SearchSection() {
  const project = useApp(selectProject);
  const tuning = useApp(selectTuning);
  const reason = useApp(whyNotTrain);
  const isTraining = useApp(selectIsTraining);
  const { isUpToDate, imageCount } = useSearchBasis();
  const record = project?.search ?? null;
  if (project === null) return null;
  return (
    <TuneSection
      title="Search for settings"
      intro="Tries settings on the training images and judges each on the validation images. What the network gives is computed once, so a try of a head takes seconds or less; one that fine-tunes stages takes minutes. The test images are left alone until the end, when the best settings are tested once."
    >
      {tuning === null ? (
        <Disclosure title="What to search" isOpenAtFirst={record === null}>
          <SearchForm
            key={project.id}
            plan={record?.plan ?? null}
            project={project}
            reason={reason ?? (imageCount === 0 ? NO_VALIDATION : null)}
          />
        </Disclosure>
      ) : (
        <TuneProgress
          tuning={tuning}
          title={roundText(record)}
          unit="tries"
          stopLabel="Stop, keep what is done"
          limitSeconds={secondsOfBudget(record)}
        >
          Every result is kept as soon as it is there, also if you cancel or reload; the search can go on later.
        </TuneProgress>
      )}
      {record !== null && !isUpToDate && tuning === null && (
        <Notice tone="warning" title="This search is out of date">
          Images, labels, the split or the network have changed since. Its figures hold for what was there then; start a
          new one for figures of now.
        </Notice>
      )}
      {record !== null && tuning === null && isUpToDate && (
        <GoOn record={record} reason={reason} isTraining={isTraining} />
      )}
      {record !== null && (
        <SearchResults key={record.startedAtMs} record={record} imageCount={isUpToDate ? imageCount : null} />
      )}
    </TuneSection>
  );
}

const NO_VALIDATION =
  'A search needs validation images to choose by. Give the validation part a share under Data split and images.';

/** Whether the figures kept hold for what is there now, and on how many validation images. */
function useSearchBasis() {
  const project = useApp(selectProject);
  const backboneId = useApp(selectBackboneId);
  const backboneSha256 = useApp(selectBackboneSha256);
  // A search writes into the project many times a second; dealing out 20,000 images may wait.
  const dataset = useDeferredValue(project?.dataset ?? null);
  const [split, resizeMode, basis] = [project?.split, project?.resizeMode, project?.search?.basis];
  const imageCount = useMemo(
    () => (dataset === null || split === undefined ? null : validationCount(dataset, split)),
    [dataset, split],
  );
  const isUpToDate = useMemo(() => {
    if (dataset === null || split === undefined || resizeMode === undefined || basis === undefined) return true;
    const fingerprint = datasetFingerprint(dataset, split);
    const now = { datasetFingerprint: fingerprint, backboneId, backboneSha256, resizeMode };
    return isSameSearchBasis(basis, now);
  }, [dataset, split, resizeMode, basis, backboneId, backboneSha256]);
  return { isUpToDate, imageCount };
}

function roundText(record: SearchRecord | null): string {
  if (record?.plan.method !== 'halving') return 'Trying settings';
  const rung = pendingOf(record.plan, record.candidates.length, record.results)[0]?.rung ?? 0;
  return `Trying settings, round ${rung + 1}`;
}

function secondsOfBudget(record: SearchRecord | null): number {
  const minutes = record?.plan.minutes ?? null;
  return record === null || minutes === null
    ? Number.POSITIVE_INFINITY
    : Math.max(0, minutes * 60 - record.elapsedMs / 1000);
}

interface GoOnProps {
  readonly record: SearchRecord;
  readonly reason: string | null;
  readonly isTraining: boolean;
}

/** What a search that was broken off still has to do. */
function GoOn({ record, reason, isTraining }: GoOnProps) {
  const { searchSettings } = useCommands();
  if (record.runId !== null) return null;
  const leftCount = pendingOf(record.plan, record.candidates.length, record.results).length;
  if (isTraining && leftCount === 0) {
    return <p className={styles.note}>All is tried. The best settings are being trained once more and tested.</p>;
  }
  return (
    <div className={styles.actions}>
      <Button icon={<RotateCcw />} disabledReason={reason} onPress={() => void searchSettings(null)}>
        {leftCount > 0 ? 'Go on with this search' : 'Test the best settings'}
      </Button>
      <p className={styles.note}>
        {leftCount > 0
          ? `It was ended early; ${countOf(leftCount, 'try', 'tries')} are left${record.plan.method === 'halving' ? ' in this round' : ''}. The best settings are tested once it has ended.`
          : 'All is tried, but the best settings have not been tested yet.'}
      </p>
    </div>
  );
}
