import { type ComparisonRow, measuredRows } from './comparison.ts';
import { outcomeAccuracy, recommend, type Transfer, transferOf } from './comparison-scores.ts';

const percent = (ratio: number) => `${Math.round(ratio * 100)}\u00a0%`;

/** "12 points better than", "about as good as", "3 points worse than". */
function differenceText(gainRatio: number): string {
  const points = Math.round(Math.abs(gainRatio) * 100);
  if (points === 0) return 'about as good as';
  return `${points} ${points === 1 ? 'point' : 'points'} ${gainRatio > 0 ? 'better' : 'worse'} than`;
}

/** One sentence on what the pretraining of a network brings; null when no baseline was measured. */
export function transferText(transfer: Transfer): string | null {
  if (transfer.kind === 'unknown') return null;
  const difference = `${differenceText(transfer.gainRatio)} “${transfer.baselineName}”`;
  if (transfer.kind === 'helps') return `Transfer helps: ${difference}.`;
  if (Math.round(transfer.gainRatio * 100) <= 0) return `Transfer does not help here: ${difference}.`;
  return `Transfer does not help here as far as these images show: ${difference} may be chance.`;
}

/** What the comparison comes to, in one to three sentences; empty when no network was measured. */
export function comparisonSummary(rows: readonly ComparisonRow[]): string[] {
  const found = recommend(rows);
  if (found === null) return [];
  const { mostAccurate, fastestAlike } = found;
  const accuracy = outcomeAccuracy(mostAccurate.result.outcomes);
  const networkCount = measuredRows(rows).filter(({ kind }) => kind === 'network').length;
  const sentences: string[] = [];
  if (accuracy !== null) {
    const range = `95\u00a0% sure between ${Math.round(accuracy.lowRatio * 100)} and ${Math.round(accuracy.highRatio * 100)}`;
    const rank = networkCount > 1 ? ' is the most accurate here' : '';
    sentences.push(`${mostAccurate.name}${rank}: ${percent(accuracy.ratio)} right, ${range}.`);
  }
  if (fastestAlike.id !== mostAccurate.id) {
    const times = (mostAccurate.result.batchMs / fastestAlike.result.batchMs).toFixed(1);
    sentences.push(
      `${fastestAlike.name} is ${times} times as fast, and these images do not show it to be less accurate.`,
    );
  }
  const transfer = transferText(transferOf(mostAccurate, rows));
  if (transfer !== null) sentences.push(transfer);
  return sentences;
}
