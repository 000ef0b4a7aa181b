import type { CellSize } from './deal-rows.ts';
import { accuracyOf, type Difference, meanOf, pairedDifference } from './paired-difference.ts';

/** One line of the table: a backbone, a data set, a size, and by column which photos were right, seed by seed. */
export interface TableRow<Column extends string> {
  readonly backboneId: string;
  readonly dataset: string;
  readonly size: CellSize;
  readonly rights: ReadonlyMap<Column, readonly string[]>;
}

/** Mean accuracy of a column, 0-1; null where it was not asked. */
function accuracyIn<Column extends string>(row: TableRow<Column>, column: Column): number | null {
  const rights = row.rights.get(column);
  return rights === undefined || rights.length === 0 ? null : meanOf(rights.map(accuracyOf));
}

/** @returns null where one of the two was not asked. */
function differenceIn<Column extends string>(row: TableRow<Column>, ours: Column, theirs: Column): Difference | null {
  const [one, other] = [row.rights.get(ours), row.rights.get(theirs)];
  return one === undefined || other === undefined ? null : pairedDifference(one, other);
}

/** By how much the best of `columns` is ahead of `column`; below 0 where that is ahead of them all. Null where it was not asked. */
function gapToBest<Column extends string>(
  row: TableRow<Column>,
  column: Column,
  columns: readonly Column[],
): number | null {
  const own = accuracyIn(row, column);
  const others = columns.map((other) => accuracyIn(row, other)).filter((accuracy) => accuracy !== null);
  return own === null || others.length === 0 ? null : Math.max(...others) - own;
}

const percent = (ratio: number | null) => (ratio === null ? '-' : (ratio * 100).toFixed(1));

/** The table as Markdown, in percent; the best figure of every line is bold. */
export function markdownTable<Column extends string>(
  rows: readonly TableRow<Column>[],
  columns: readonly { readonly column: Column; readonly title: string }[],
): string {
  const head = ['backbone', 'photos', 'a class', ...columns.map(({ title }) => title)];
  const lines = rows.map((row) => {
    const figures = columns.map(({ column }) => percent(accuracyIn(row, column)));
    const best = Math.max(...figures.map(Number).filter(Number.isFinite));
    const shown = figures.map((figure) => (Number(figure) === best ? `**${figure}**` : figure));
    return [`\`${row.backboneId}\``, row.dataset, row.size, ...shown];
  });
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** The means over backbones, by data set and size; rows that lack a column are left out. */
export function overBackbones<Column extends string>(
  rows: readonly TableRow<Column>[],
  columns: readonly Column[],
): TableRow<Column>[] {
  const whole = rows.filter((row) => columns.every((column) => row.rights.has(column)));
  const groups = new Map<string, TableRow<Column>[]>();
  for (const row of whole) {
    const name = `${row.dataset} ${row.size}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const rights = columns.map((column) => [column, group.flatMap((row) => row.rights.get(column) ?? [])] as const);
    return [{ ...first, backboneId: `mean of ${group.length}`, rights: new Map(rights) }];
  });
}

/** How one column stands against the others. */
export function summaryOf<Column extends string>(
  rows: readonly TableRow<Column>[],
  columns: {
    readonly own: Column;
    readonly others: readonly Column[];
    readonly simplest: Column;
    readonly judge: Column;
  },
): string[] {
  const { own, others, simplest, judge } = columns;
  const gaps = rows.flatMap((row) => gapToBest(row, own, others) ?? []);
  const toJudge = rows.flatMap((row) => differenceIn(row, own, judge)?.mean ?? []);
  const under = rows.flatMap((row) => {
    const difference = differenceIn(row, own, simplest);
    if (difference === null || difference.mean >= -2 * difference.standardError) return [];
    return `  ${row.backboneId} ${row.dataset} ${row.size}: ${percent(difference.mean)} points, standard error ${percent(difference.standardError)}`;
  });
  const meanText = (values: readonly number[]) => (values.length === 0 ? 'not measured' : percent(meanOf(values)));
  return [
    `${own}: mean gap to the best of ${others.join(', ')}: ${meanText(gaps)} points over ${gaps.length} cells (aim: under 1)`,
    `${own} less ${judge}: ${meanText(toJudge)} points on average over ${toJudge.length} cells (aim: not below 0)`,
    `cells more than 2 standard errors under ${simplest}: ${under.length} (aim: 0)`,
    ...under,
  ];
}

/** How often each word is among them, as text. */
export function countsText(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} x ${word}`).join(', ');
}
