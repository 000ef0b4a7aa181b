import { type ComparisonRow, measuredRows } from './comparison.ts';
import { outcomeAccuracy, recommend, type Transfer, transferOf } from './comparison-scores.ts';
import { withPower } from './metrics/power-words.ts';
import { percentOf } from './percent.ts';

/** "12 points better than", "about as good as", "3 points worse than". */
function differenceText(gainRatio: number): string {
  const points = Math.round(Math.abs(gainRatio) * 100);
  if (points === 0) return 'about as good as';
  return `${points} ${points === 1 ? 'point' : 'points'} ${gainRatio > 0 ? 'better' : 'worse'} than`;
}

/** One sentence on what the pretraining of a network brings; null when no baseline was measured. */
export function transferText(transfer: Transfer): string | null {
  if (transfer.kind === 'unknown') return null;
  const { kind, gainRatio, baselineName, imageCount } = transfer;
  const difference = `${differenceText(gainRatio)} “${baselineName}”`;
  if (kind === 'helps') return `Transfer helps: ${difference}.`;
  if (kind === 'hurts') return `Transfer makes it worse here: ${difference}.`;
  const chance = Math.round(gainRatio * 100) === 0 ? '' : ', which may be chance';
  const images = imageCount === 1 ? '1 image' : `${imageCount.toLocaleString('en')} images`;
  return withPower(`That transfer helps is not shown with ${images}: ${difference}${chance}.`, imageCount);
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
    const { outcomes } = mostAccurate.result;
    const images = `${outcomes.replaceAll('-', '').length.toLocaleString('en')} images`;
    sentences.push(`${mostAccurate.name}${rank}: ${percentOf(accuracy.ratio)} of ${images} right, ${range}.`);
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
