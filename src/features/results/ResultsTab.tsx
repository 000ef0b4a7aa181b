import { useMemo, useState } from 'react';
import { classPartsOf } from '../../domain/class-coverage.ts';
import type { Part } from '../../domain/dataset.ts';
import { imagesInCell } from '../../domain/metrics/predicted.ts';
import { scorePredictions } from '../../domain/metrics/scores.ts';
import { hasNoModel, isOpenedRun, type Predictions, type Run } from '../../domain/run.ts';
import { scoreCautions } from '../../domain/score-cautions.ts';
import type { AppState } from '../../state/app-state.ts';
import { Badge } from '../../ui/Badge.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { SegmentedChoice } from '../../ui/SegmentedChoice.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { useCurrentRun, useModelIsOld } from '../use-current-run.ts';
import { ClassTable } from './ClassTable.tsx';
import { ImageGallery } from './ImageGallery.tsx';
import { OpenedModel } from './OpenedModel.tsx';
import { PART_WORDS, partWordsOf } from './part-words.ts';
import { ResultsMatrix } from './ResultsMatrix.tsx';
import styles from './ResultsTab.module.css';
import { RunVerdicts } from './RunVerdicts.tsx';
import { ScoreSummary } from './ScoreSummary.tsx';

const selectArtifacts = (state: AppState) => state.artifacts;
const selectDataset = (state: AppState) => state.project?.dataset ?? null;
const selectGallery = (state: AppState) => state.gallery;

/** How good the current model is: on held-out images unless another part is asked for. */
export function ResultsTab() {
  const run = useCurrentRun();
  const artifacts = useApp(selectArtifacts);
  if (run === null) {
    return (
      <EmptyState title="No results yet">
        Train a model: its score on held-out images, the scores of every class and the confusion matrix appear here.
      </EmptyState>
    );
  }
  if (isOpenedRun(run)) return <OpenedModel />;
  if (artifacts === null || artifacts.runId !== run.id)
    return <EmptyState title={`Opening the results of ${run.name}`} />;
  return <Results key={run.id} run={run} predictions={artifacts.predictions} />;
}

const PART_OPTIONS = (['test', 'validation', 'train'] as const).map((value) => ({
  value,
  label: PART_WORDS[value].name,
}));

/** How much room the matrix needs: beside two columns, beside one, or a row of its own. */
function classesWord(count: number): 'few' | 'many' | 'lots' {
  if (count <= 8) return 'few';
  return count <= 25 ? 'many' : 'lots';
}

function Results({ run, predictions }: { readonly run: Run; readonly predictions: Predictions }) {
  const commands = useCommands();
  const dataset = useApp(selectDataset);
  const gallery = useApp(selectGallery);
  const isOld = useModelIsOld();
  const [part, setPart] = useState<Part>('test');
  const scores = useMemo(() => scorePredictions(predictions, part, run.classes.length), [predictions, part, run]);
  const words = partWordsOf(run, part);
  // Known of older runs, too.
  const classParts = useMemo(() => classPartsOf(predictions), [predictions]);
  const nameOf = (index: number) => run.classes[index]?.name ?? '';

  const choosePart = (chosen: Part) => {
    setPart(chosen);
    commands.showGallery(null);
  };
  const open = (title: string, trueIndex: number | null, predictedIndex: number | null) =>
    commands.showGallery({
      title: `${title} (${words.adjective})`,
      imageIds: imagesInCell(predictions, part, trueIndex, predictedIndex),
    });
  const openCell = (actual: number, predicted: number) => {
    const title =
      actual === predicted ? `${nameOf(actual)}, recognised` : `${nameOf(actual)} taken for ${nameOf(predicted)}`;
    open(title, actual, predicted);
  };
  const openClass = (actual: number) => open(`All images of ${nameOf(actual)}`, actual, null);

  return (
    <div className={styles.tab}>
      <header className={styles.head}>
        {!hasNoModel(run) && (
          <SegmentedChoice label="Part of the data" value={part} options={PART_OPTIONS} onChange={choosePart} />
        )}
        <span className={styles.meaning}>{words.meaning}</span>
        {isOld && <Badge tone="warning">Older than the data</Badge>}
      </header>
      <RunVerdicts run={run} />
      <div className={styles.columns} data-classes={classesWord(run.classes.length)}>
        <ScoreSummary
          scores={scores}
          words={words}
          groups={run.groups}
          crossValidation={run.crossValidation}
          cautions={scoreCautions({ ...run, classParts }, part)}
          beforeTraining={part === 'train' ? null : (run.beforeTraining?.[part] ?? null)}
        />
        {scores.imageCount > 0 && (
          <>
            <ResultsMatrix classes={run.classes} scores={scores} words={words} onCell={openCell} onRow={openClass} />
            <ClassTable classes={run.classes} scores={scores} words={words} onOpen={openClass} />
          </>
        )}
      </div>
      {gallery !== null && dataset !== null && (
        <ImageGallery gallery={gallery} run={run} predictions={predictions} dataset={dataset} />
      )}
    </div>
  );
}
