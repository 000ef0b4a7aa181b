import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEAD_CHOICE } from '../../src/domain/head-settings.ts';
import { purposeOf } from '../../src/domain/setting-purpose.ts';
import { DEFAULT_SETTINGS, SETTINGS, type TrainingSettings } from '../../src/domain/settings.ts';
import type { ScikitLearn } from './ask-scikit-learn.ts';
import type { Cell, PhotoRows } from './cells.ts';
import { closureHash } from './code-closure.ts';
import { type DealtRows, dealRows } from './deal-rows.ts';
import type { KeptScores } from './kept-scores.ts';
import { gatherRows, type HeadScore, scoreHead } from './score-head.ts';

export type Column = TrainingSettings['head'] | 'scikit-learn';

/** Columns of the table: every head of the form, and scikit-learn's LogisticRegressionCV. */
export const COLUMNS: readonly { readonly column: Column; readonly title: string }[] = [
  ...HEAD_CHOICE.head.options.map(({ value, label }) => ({ column: value, title: label })),
  { column: 'scikit-learn', title: 'LogisticRegressionCV' },
];

const HEADS_DIR = join('src', 'engine', 'heads');

function hashOfCode(...files: string[]): string {
  return files.map((file) => closureHash(file, (path) => readFileSync(path, 'utf8'))).join(' ');
}

/** What computes a column: only when it changes is the column computed anew. */
const COMPUTED_BY: Readonly<Record<Column, string>> = {
  auto: hashOfCode(join(HEADS_DIR, 'automatic.ts')),
  prototypes: hashOfCode(join(HEADS_DIR, 'prototypes.ts')),
  neighbours: hashOfCode(join(HEADS_DIR, 'neighbours-head.ts')),
  logistic: hashOfCode(join(HEADS_DIR, 'train-logistic.ts')),
  network: hashOfCode(join('src', 'engine', 'train.ts'), join(HEADS_DIR, 'baseline-heads.ts')),
  'scikit-learn': hashOfCode(join('bench', 'recipe', 'logistic_regression_cv.py')),
};

/** Default settings that count for a column. */
function settingsOf(column: Column): string {
  if (column === 'scikit-learn') return '';
  const settings = { ...DEFAULT_SETTINGS, head: column };
  const counting = SETTINGS.filter(({ key }) => purposeOf(key, settings) === 'head');
  return counting.map(({ key }) => `${key}=${settings[key]}`).join(' ');
}

/** Names a score: which photos of which features in which parts, the settings, and the code. */
function scoreKey(backboneKey: string, dealt: DealtRows, { dataset, seed }: Cell, column: Column): string {
  // What is for validation is learnt from there all the same.
  const parts = dealt.parts.map((part) => (column === 'scikit-learn' && part === 'validation' ? 'train' : part));
  const rowsHash = createHash('sha256')
    .update(JSON.stringify({ ...dealt, parts }))
    .digest('hex')
    .slice(0, 16);
  return [dataset, backboneKey, rowsHash, seed, column, settingsOf(column), COMPUTED_BY[column]].join(' | ');
}

interface Asked {
  readonly rows: PhotoRows;
  readonly kept: KeptScores<HeadScore>;
  /** Null where there is none: its column stays empty. */
  readonly scikitLearn: ScikitLearn | null;
  readonly columns: readonly Column[];
  /** True leaves out what is not kept. */
  readonly keptOnly: boolean;
}

/** Scores of every column in one cell; those of earlier runs of the bench are taken as they are. */
export async function askHeads(asked: Asked, cell: Cell): Promise<ReadonlyMap<Column, HeadScore>> {
  const { rows, kept, columns, keptOnly } = asked;
  const dealt = dealRows(rows.classes, cell.size, cell.seed, cell.withValidation);
  const scores = new Map<Column, HeadScore>();
  for (const column of columns) {
    const key = scoreKey(rows.backboneKey, dealt, cell, column);
    const known = kept.get(key);
    const score = known ?? (keptOnly ? null : await scoreColumn(asked, dealt, cell, column));
    if (score === null) continue;
    if (known === undefined) kept.set(key, score);
    scores.set(column, score);
  }
  return scores;
}

async function scoreColumn(
  { rows, scikitLearn }: Asked,
  dealt: DealtRows,
  { seed }: Cell,
  column: Column,
): Promise<HeadScore | null> {
  if (column === 'scikit-learn' && scikitLearn === null) return null;
  const features = gatherRows(await rows.features(), rows.featureLength, dealt);
  if (column === 'scikit-learn') return (await scikitLearn?.score(features, dealt)) ?? null;
  return scoreHead(features, dealt, rows.classes.length, { head: column, seed });
}
