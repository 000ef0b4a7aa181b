import { isShown } from './metrics/mcnemar.ts';
import { powerText } from './metrics/power-words.ts';
import type { RunComparison } from './run-comparison.ts';

/** A comparison in words. */
export interface ComparisonWords {
  /** "Run 2 is better: 9 more of the same 75 test images right." or why that cannot be said. */
  readonly verdict: string;
  /** How likely such a difference is by chance, or what would help; null when there is nothing to add. */
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
  if (!isShown({ pValue })) {
    return {
      verdict: `They cannot be told apart on ${on}.`,
      meaning: `They differ on ${differentCount}: ${onlyFirstCount} only ${first} got right, ${onlySecondCount} only ${second}. Two equally good models differ at least this unevenly in ${chanceText(pValue)} (McNemar's test). More test images may tell.`,
    };
  }
  const better = onlySecondCount > onlyFirstCount ? second : first;
  return {
    verdict: `${better} is better: ${Math.abs(onlySecondCount - onlyFirstCount)} more of the same ${sharedCount} test images right.`,
    meaning: `They differ on ${differentCount}: ${onlyFirstCount} only ${first} got right, ${onlySecondCount} only ${second}. Two equally good models differ at least this unevenly in ${chanceText(pValue)} (McNemar's test, exact, two-sided). On other images the difference may be smaller or larger.`,
  };
}

function chanceText(pValue: number): string {
  if (pValue >= 0.995) return 'nearly every test';
  if (pValue < 0.001) return 'fewer than 1 of 1,000 tests';
  return pValue < 0.01 ? `${Math.ceil(pValue * 1000)} of 1,000 tests` : `${Math.round(pValue * 100)} of 100 tests`;
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
  const power = sharedCount === 0 ? null : powerText(sharedCount);
  if (power !== null) caveats.push(power);
  return caveats;
}

function imagesWere(count: number): string {
  return count === 1 ? '1 image was' : `${count} images were`;
}
