import { ranked } from '../domain/search.ts';
import type { SearchSummary } from './graft-api.ts';
import type { SearchOutcome } from './search-settings.ts';

/** A search for scripts. */
export function summariseSearch({ record, run }: SearchOutcome): SearchSummary {
  return {
    results: ranked(record.results).map((result) => ({
      settings: record.candidates[result.candidateIndex] ?? {},
      validationAccuracyRatio: result.validationAccuracyRatio,
      validationLoss: result.validationLoss,
      epochCount: result.epochCount,
      stagesKept: result.stagesKept,
      seconds: result.elapsedMs / 1000,
    })),
    triedCount: record.results.length,
    seconds: record.elapsedMs / 1000,
    runId: run?.id ?? null,
    testAccuracyRatio: run?.scores.testAccuracyRatio ?? null,
  };
}
