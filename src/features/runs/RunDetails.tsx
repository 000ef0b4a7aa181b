import { baselineRatio } from '../../domain/before-training.ts';
import { headVerdict } from '../../domain/kept-head-words.ts';
import { keptImagesText } from '../../domain/neighbours.ts';
import { isOpenedRun, type Run } from '../../domain/run.ts';
import { headWords, RUN_KIND_WORDS, stageWords } from '../../domain/run-words.ts';
import type { AppState } from '../../state/app-state.ts';
import { backendName } from '../../ui/backend-names.ts';
import { countOf, durationText, percentText } from '../../ui/number-text.ts';
import { useApp } from '../use-app.tsx';
import styles from './RunsTab.module.css';
import { imageMsText, modelText, settingsText, timeText, whenText } from './run-columns.tsx';

const selectRuns = (state: AppState) => state.runs;

/** Everything known of a run, under its row: on a phone most of it has no room in the row itself. */
export function RunDetails({ run }: { readonly run: Run }) {
  const origin = useApp(selectRuns).find(({ id }) => id === run.continuedFromRunId);
  const facts: readonly (readonly [string, string])[] = [
    ['Kind', RUN_KIND_WORDS[run.kind]],
    ['Network', run.backbone.name],
    ['Stages of the network', stageWords(run)],
    ['Head', [headWords(run), keptImagesText(run)].filter((words) => words !== null).join('. ')],
    ['Choice of the head', headVerdict(run) ?? 'Set by hand'],
    ['Settings that differ', settingsText(run)],
    ['Macro F1 on test images', percentText(run.scores.testMacroF1Ratio, 1)],
    ['Accuracy on validation images', percentText(run.scores.validationAccuracyRatio, 1)],
    ['Before any training, test images', percentText(baselineRatio(run.beforeTraining?.test ?? null), 1)],
    ['Images', imagesText(run)],
    ['Model to download', modelText(run)],
    ['Per image, network and head', imageMsText(run)],
    ['Time', isOpenedRun(run) ? '-' : `${timeText(run)} (${stagesText(run)})`],
    ['Computed on', backendName(run.backend)],
    ['When', whenText(run)],
  ];
  return (
    <div className={styles.details}>
      {run.note !== '' && <p className={styles.fullNote}>{run.note}</p>}
      {run.continuedFromRunId !== null && <p>Goes on from {origin?.name ?? 'a run that was deleted since'}.</p>}
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function imagesText({ partCounts: { train, validation, test }, classes }: Run): string {
  if (train + validation + test === 0) return countOf(classes.length, 'class', 'classes');
  return `${train} training, ${validation} validation, ${test} test, ${countOf(classes.length, 'class', 'classes')}`;
}

function stagesText({ seconds: { features, training, evaluation } }: Run): string {
  return `features ${durationText(features)}, training ${durationText(training)}, evaluation ${durationText(evaluation)}`;
}
