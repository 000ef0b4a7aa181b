import type { LearningRateTest } from '../../domain/learning-rate-range.ts';
import { settingOf } from '../../domain/settings.ts';
import { numberText, valueText } from './search-rows.ts';

/** What a test of learning rates says, in one or two sentences. */
export function rateWords(test: LearningRateTest): string {
  const { suggestedRate, lowestLossRate, steepestRate, isCapped, optimizer } = test;
  if (suggestedRate === null || lowestLossRate === null) {
    return 'The loss never fell clearly, so there is nothing to suggest. More images or another head may help.';
  }
  const suggested = `Suggested: ${numberText(suggestedRate)}`;
  if (isCapped) {
    const name = valueText(settingOf('optimizer'), optimizer);
    const easy = neverExploded(test)
      ? ' No rate made it explode: the training images are easy to tell apart, and smaller rates may do as well.'
      : '';
    return `${suggested}, the most that suits ${name} over many epochs; the loss of single batches was lowest at ${numberText(lowestLossRate)}.${easy}`;
  }
  const fastest = steepestRate === null ? '' : `; the loss falls fastest at ${numberText(steepestRate)}`;
  return `${suggested}, a tenth of the rate with the lowest loss${fastest}.`;
}

function neverExploded({ rates, losses }: LearningRateTest): boolean {
  return losses.length === rates.length;
}
