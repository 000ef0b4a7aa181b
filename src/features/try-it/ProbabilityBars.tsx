import { useState } from 'react';
import type { Classification } from '../../commands/commands.ts';
import type { ClassLabel } from '../../domain/dataset.ts';
import { argmax } from '../../domain/metrics/predicted.ts';
import { classColor } from '../../ui/class-color.ts';
import { percentText } from '../../ui/number-text.ts';
import { Switch } from '../../ui/Switch.tsx';
import styles from './ProbabilityBars.module.css';

interface ProbabilityBarsProps {
  /** Null keeps the room of an answer, with the names of the classes and nothing to hear. */
  readonly result: Classification | null;
  readonly classes: readonly ClassLabel[];
}

interface Bar {
  readonly classIndex: number;
  readonly name: string;
  readonly color: string;
  readonly probability: number;
}

/** Below this the model has no clear favourite. */
const UNSURE_BELOW_RATIO = 0.5;
/** With fewer classes the order is clear at a glance. */
const SORTABLE_FROM_CLASSES = 4;

/** What the model says of one image: the likeliest class large, then a bar per class in a stable order unless sorting is asked for. */
export function ProbabilityBars({ result, classes }: ProbabilityBarsProps) {
  return result === null ? <EmptyBars classes={classes} /> : <AnsweredBars result={result} />;
}

function EmptyBars({ classes }: { readonly classes: readonly ClassLabel[] }) {
  return (
    <div className={styles.bars} aria-hidden>
      <p className={styles.top}>
        <span className={styles.unsure}>The answer comes here</span>
      </p>
      <ul className={styles.list}>
        {classes.map(({ id, name }) => (
          <li key={id} className={styles.bar}>
            <span className={styles.name}>{name}</span>
            <span className={styles.track} />
            <span className={styles.percent} />
          </li>
        ))}
      </ul>
      {classes.length >= SORTABLE_FROM_CLASSES && <div className={styles.switchRoom} />}
    </div>
  );
}

function barsOf({ classNames, classColorIndices, probabilities }: Classification): readonly Bar[] {
  return classNames.map((name, classIndex) => ({
    classIndex,
    name,
    color: classColor(classColorIndices[classIndex] ?? classIndex),
    probability: probabilities[classIndex] ?? 0,
  }));
}

function AnsweredBars({ result }: { readonly result: Classification }) {
  const [sorted, setSorted] = useState(false);
  const bars = barsOf(result);
  const top = bars[argmax(result.probabilities)];
  const shown = sorted ? bars.toSorted((a, b) => b.probability - a.probability) : bars;
  return (
    <div className={styles.bars}>
      {top !== undefined && (
        <p className={styles.top}>
          <span className={styles.topName}>{top.name}</span>
          <span>{percentText(top.probability)}</span>
          {top.probability < UNSURE_BELOW_RATIO && <span className={styles.unsure}>unsure</span>}
        </p>
      )}
      <ul className={styles.list}>
        {shown.map((bar) => (
          <li key={bar.classIndex} className={styles.bar}>
            <span className={styles.name} title={bar.name}>
              {bar.name}
            </span>
            <span className={styles.track}>
              <span className={styles.fill} style={{ width: `${bar.probability * 100}%`, background: bar.color }} />
            </span>
            <span className={styles.percent}>{percentText(bar.probability)}</span>
          </li>
        ))}
      </ul>
      {bars.length >= SORTABLE_FROM_CLASSES && <Switch label="Highest first" isOn={sorted} onChange={setSorted} />}
    </div>
  );
}
