import { ArrowDown } from 'lucide-react';
import { testPlanOf } from '../../domain/augmented-view.ts';
import { guardText } from '../../domain/fine-tune-words.ts';
import { headVerdict } from '../../domain/kept-head-words.ts';
import { hasNoModel, isOpenedRun, type Run } from '../../domain/run.ts';
import { scoreCautions } from '../../domain/score-cautions.ts';
import { testInterval, testWeight } from '../../domain/test-interval.ts';
import { FEW_IMAGES, intervalWords } from '../../ui/accuracy-words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { countOf, durationText, percentText } from '../../ui/number-text.ts';
import { BeforeTrainingLine } from '../BeforeTrainingLine.tsx';
import { useCommands } from '../use-app.tsx';
import { useCurrentRun, useModelIsOld } from '../use-current-run.ts';
import styles from './TrainingPanel.module.css';
import { WorseThanPrior } from './WorseThanPrior.tsx';

/** The headline of the current model; nothing before the first run. */
export function RunOutcome() {
  const run = useCurrentRun();
  const isOld = useModelIsOld();
  const { showTab } = useCommands();
  if (run === null) return null;
  const seeResults = () => {
    showTab('results');
    document.getElementById('results')?.scrollIntoView({ block: 'start' });
  };
  const { features, training, evaluation } = run.seconds;
  const viewCount = testPlanOf(run.settings)?.viewCount ?? 0;
  const verdict = headVerdict(run);
  return (
    <section className={styles.outcome} aria-label="Current model">
      {isOpenedRun(run) ? <OpenedHeadline /> : <Headline scores={run.scores} />}
      <WorseThanPrior run={run} />
      <BeforeTrainingLine score={run.beforeTraining?.[headlinePart(run.scores)] ?? null} />
      {scoreCautions(run, headlinePart(run.scores)).map((caution) => (
        <p key={caution} className={styles.facts}>
          {caution}
        </p>
      ))}
      {isOld && (
        <p className={styles.old}>
          <Badge tone="warning">Older than the data</Badge>
          <span>Images, labels or the split changed since. Train again to use them.</span>
        </p>
      )}
      {hasNoModel(run) && (
        <p>Measured by cross-validation, which leaves no one model. Press Train for a model to use.</p>
      )}
      <p className={styles.facts}>
        {run.name}, {run.backbone.name}
        {!isOpenedRun(run) && `, ${durationText(features + training + evaluation)}`}
      </p>
      {verdict !== null && <p className={styles.facts}>{verdict}</p>}
      {run.guard !== null && <p className={styles.facts}>{guardText(run.guard)}</p>}
      {viewCount > 0 && (
        <p className={styles.facts}>
          Scored on each held-out image and {countOf(viewCount, 'changed view')} of it. Try it and the downloaded model
          look at the image alone.
        </p>
      )}
      <Button variant="quiet" size="small" icon={<ArrowDown />} onPress={seeResults}>
        See the results
      </Button>
    </section>
  );
}

/** The part whose score stands large. */
function headlinePart({ testAccuracyRatio }: Run['scores']): 'test' | 'validation' {
  return testAccuracyRatio === null ? 'validation' : 'test';
}

function OpenedHeadline() {
  return (
    <p>
      Opened from Teachable Machine, not tested on images of yours yet. Try it on some now, or add images to its classes
      and press Train for a new model with a score.
    </p>
  );
}

function Headline({ scores }: { readonly scores: Run['scores'] }) {
  const { testAccuracyRatio, testCount, validationAccuracyRatio } = scores;
  if (testAccuracyRatio !== null) {
    const interval = testInterval(scores);
    const weight = Math.round(testWeight(scores));
    return (
      <>
        <p className={styles.figure}>
          {percentText(testAccuracyRatio)} <span className={styles.figureUnit}>of test images right</span>
        </p>
        <p>
          {interval === null ? '' : intervalWords(interval)} ({countOf(testCount, 'held-out image')}
          {weight < testCount && `, in groups that say as much as ${weight} alone`})
          {weight < FEW_IMAGES && '. That is few: take it as a rough guess.'}
        </p>
      </>
    );
  }
  if (validationAccuracyRatio !== null) {
    return (
      <>
        <p className={styles.figure}>
          {percentText(validationAccuracyRatio)} <span className={styles.figureUnit}>of validation images right</span>
        </p>
        <p>No test images were kept aside, so this figure is likely too good.</p>
      </>
    );
  }
  return <p>The model is trained. No images were kept aside, so nothing can be said about how good it is.</p>;
}
