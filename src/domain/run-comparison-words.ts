import type { RunComparison } from './run-comparison.ts';

/** A split this uneven or more comes by chance in 5 of 100 cases when both are equally good: the usual limit. */
const TOLD_APART_P = 0.05;

/** A comparison in words. */
export interface ComparisonWords {
  /** "Run 2 is probably better: 97 %." or why that cannot be said. */
  readonly verdict: string;
  /** What the percentage is, or what would help; null when there is nothing to add. */
  readonly meaning: string | null;
  /** What to keep in mind of the images compared. */
  readonly caveats: readonly string[];
}

/** @param names of the first and of the second run. */
export function comparisonWords(comparison: RunComparison, names: readonly [string, string]): ComparisonWords {
  return { ...judgement(comparison, names), caveats: caveatsOf(comparison, names) };
}

function judgement(
  { sharedCount, onlyFirstCount, onlySecondCount, pValue }: RunComparison,
  [first, second]: readonly [string, string],
): Omit<ComparisonWords, 'caveats'> {
  if (sharedCount === 0) {
    return { verdict: 'There is no test image that both judged, so they cannot be compared.', meaning: null };
  }
  const differentCount = onlyFirstCount + onlySecondCount;
  const on = `${sharedCount} ${sharedCount === 1 ? 'image' : 'images'}`;
  if (differentCount === 0) {
    return {
      verdict: `They cannot be told apart on ${on}: each image is right in both or wrong in both.`,
      meaning: null,
    };
  }
  if (pValue > TOLD_APART_P) {
    return {
      verdict: `They cannot be told apart on ${on}.`,
      meaning: `They differ on ${differentCount}: ${onlyFirstCount} only ${first} got right, ${onlySecondCount} only ${second}. Two equally good models differ at least this unevenly in ${chanceText(pValue)} (McNemar's test). More test images may tell.`,
    };
  }
  const better = onlySecondCount > onlyFirstCount ? second : first;
  return {
    verdict: `${better} is probably better: ${certaintyText(pValue)}.`,
    meaning: `Two equally good models would split the ${differentCount} images on which these differ less unevenly than ${onlyFirstCount} to ${onlySecondCount} in ${certaintyText(pValue)} of all tests like this one (McNemar's test, exact, two-sided). It does not say by how much one is better.`,
  };
}

/** 1 - p in percent, rounded down, so that it never says more than was found: "97 %", "99.6 %", "more than 99.9 %". */
function certaintyText(pValue: number): string {
  // The small number keeps 1 - 0.03 from becoming 96.9 %.
  const permille = Math.floor((1 - pValue) * 1000 + 1e-9);
  if (permille >= 999) return 'more than 99.9\u00a0%';
  return permille >= 990 ? `${(permille / 10).toFixed(1)}\u00a0%` : `${Math.floor(permille / 10)}\u00a0%`;
}

function chanceText(pValue: number): string {
  return pValue >= 0.995 ? 'nearly every test' : `${Math.round(pValue * 100)} of 100 tests`;
}

function caveatsOf(
  { movedCount, relabelledCount, sharedCount }: RunComparison,
  [first, second]: readonly [string, string],
): string[] {
  const caveats: string[] = [];
  if (movedCount > 0) {
    caveats.push(
      `${imagesWere(movedCount)} a test image in one run and not in the other, and ${movedCount === 1 ? 'is' : 'are'} left out: one of the two has seen ${movedCount === 1 ? 'it' : 'them'}. The scores of ${first} and ${second} are therefore not of the same images.`,
    );
  }
  if (relabelledCount > 0) {
    caveats.push(
      `${imagesWere(relabelledCount)} given another class in between and ${relabelledCount === 1 ? 'is' : 'are'} left out.`,
    );
  }
  if (sharedCount > 0 && sharedCount < 30) {
    caveats.push(`${sharedCount} ${sharedCount === 1 ? 'image is' : 'images are'} few: only large differences show.`);
  }
  return caveats;
}

function imagesWere(count: number): string {
  return count === 1 ? '1 image was' : `${count} images were`;
}
