import type { BaselineScore } from '../../domain/before-training.ts';
import { type CrossValidation, spreadOf } from '../../domain/cross-validation.ts';
import { type GroupCounts, groupSentence } from '../../domain/group-words.ts';
import { type AverageScore, macroClassCount, type PartScores } from '../../domain/metrics/scores.ts';
import { FEW_IMAGES, intervalWords } from '../../ui/accuracy-words.ts';
import { countOf, countText, percentText } from '../../ui/number-text.ts';
import { BeforeTrainingLine } from '../BeforeTrainingLine.tsx';
import type { PartWords } from './part-words.ts';
import styles from './ScoreSummary.module.css';

interface ScoreSummaryProps {
  readonly scores: PartScores;
  readonly words: PartWords;
  /** Fold by fold, where the scores are those of a cross-validation. */
  readonly crossValidation: CrossValidation | null;
  /** What bursts and near-copies did to the split; null where that is not known. */
  readonly groups: GroupCounts | null;
  /** What class averages got right of the same images; null where that is not known. */
  readonly beforeTraining: BaselineScore | null;
  /** What the score says nothing of, and why it may be too good, one sentence each. */
  readonly cautions: readonly string[];
}

/** Accuracy large, its interval in words, and the averages over the classes. */
export function ScoreSummary({ scores, words, groups, crossValidation, beforeTraining, cautions }: ScoreSummaryProps) {
  const { part, imageCount, correctCount, accuracy, independentCount } = scores;
  const { adjective } = words;
  if (accuracy === null) {
    return (
      <section className={styles.summary}>
        <h3>No {adjective} images</h3>
        <p>{emptyAdvice(part)}</p>
      </section>
    );
  }
  return (
    <section className={styles.summary}>
      <h3>{part === 'train' ? 'Accuracy on training images' : `Accuracy on ${adjective} images`}</h3>
      <p className={styles.figure}>{percentText(accuracy.ratio)}</p>
      <p className={styles.words}>
        {intervalWords(accuracy)}. {countText(correctCount)} of {countOf(imageCount, `${adjective} image`)} right.
      </p>
      {groups !== null && <p>{groupSentence(groups, 'then')}</p>}
      {Math.round(independentCount) < imageCount && (
        <p>
          Photos of a group tend to be right or wrong together: for the range, these {countText(imageCount)} count as
          much as {countText(Math.round(independentCount))} single photos would.
        </p>
      )}
      <BeforeTrainingLine score={beforeTraining} />
      {crossValidation !== null && <Folds crossValidation={crossValidation} />}
      {imageCount < FEW_IMAGES && (
        <p className={styles.caution}>
          {countOf(imageCount, 'image')} {imageCount === 1 ? 'is' : 'are'} few: take the figure as a rough guess, and
          add images for a firmer one.
        </p>
      )}
      {cautions.map((caution) => (
        <p key={caution} className={styles.caution}>
          {caution}
        </p>
      ))}
      <Averages scores={scores} />
    </section>
  );
}

function Folds({ crossValidation }: { readonly crossValidation: CrossValidation }) {
  const accuracy = spreadOf(crossValidation, (fold) => fold.accuracyRatio);
  if (accuracy === null) return null;
  const { meanRatio, spreadRatio, lowestRatio, highestRatio } = accuracy;
  const judged = crossValidation.folds.length;
  return (
    <p className={styles.words}>
      Over {countOf(judged, 'fold')}: {percentText(meanRatio, 1)} on average, give or take {percentText(spreadRatio, 1)}
      ; the worst {percentText(lowestRatio, 1)}, the best {percentText(highestRatio, 1)}.
      {judged < crossValidation.foldCount && ` Stopped before the other ${crossValidation.foldCount - judged}.`}
    </p>
  );
}

function emptyAdvice(part: PartScores['part']): string {
  if (part === 'train') return 'This run kept no predictions of training images.';
  return 'So nothing can be said of new images from this part. Raise its share under Train, Data split, or add images, and train again.';
}

function Averages({ scores }: { readonly scores: PartScores }) {
  return (
    <table className={styles.averages}>
      <thead>
        <tr>
          <th scope="col">Average</th>
          <th scope="col">Precision</th>
          <th scope="col">Recall</th>
          <th scope="col">F1</th>
        </tr>
      </thead>
      <tbody>
        <AverageRow label="Macro" hint={macroHint(scores)} score={scores.macro} />
        <AverageRow label="Weighted" hint="every image counts the same" score={scores.weighted} />
      </tbody>
    </table>
  );
}

function macroHint(scores: PartScores): string {
  const count = macroClassCount(scores);
  const all = scores.classes.length;
  return count === all ? 'every class counts the same' : `every class counts the same, over ${count} of ${all}`;
}

interface AverageRowProps {
  readonly label: string;
  readonly hint: string;
  readonly score: AverageScore;
}

function AverageRow({ label, hint, score }: AverageRowProps) {
  return (
    <tr>
      <th scope="row">
        {label} <span className={styles.hint}>{hint}</span>
      </th>
      <td>{percentText(score.precisionRatio, 1)}</td>
      <td>{percentText(score.recallRatio, 1)}</td>
      <td>{percentText(score.f1Ratio, 1)}</td>
    </tr>
  );
}
