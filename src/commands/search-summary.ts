import { ranked } from '../domain/search.ts';
import type { SearchSummary } from './graft-api.ts';
import type { SearchOutcome } from './search-settings.ts';

/** A search for scripts. @param currentRunId the run whose model is in use now. */
export function summariseSearch({ record, run }: SearchOutcome, currentRunId: string | null): SearchSummary {
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
    isInUse: run !== null && run.id === currentRunId,
    testAccuracyRatio: run?.scores.testAccuracyRatio ?? null,
  };
}
