/** What the overlap suite goes through. */
export interface OverlapPlan {
  readonly seed: number;
  /** The one pair to run; null runs all. */
  readonly only: number | null;
  readonly pairCount: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    overlap: OverlapPlan;
  }
}

/** At least 500 pairs of a seed that is another one every time, unless the environment says otherwise. */
export function overlapPlan(environment: Readonly<Record<string, string | undefined>>): OverlapPlan {
  const { GRAFT_OVERLAP_SEED: seed, GRAFT_OVERLAP_ONLY: only, GRAFT_OVERLAP_PAIRS: pairCount } = environment;
  return {
    seed: Number(seed ?? Date.now() % 1_000_000),
    only: only === undefined ? null : Number(only),
    pairCount: Number(pairCount ?? 500),
  };
}
