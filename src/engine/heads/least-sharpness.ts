const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A place between two others, and what a function gives there. */
interface Least {
  readonly sharpness: number;
  readonly loss: number;
}

/**
 * Where a loss that first falls and then rises is least: a golden-section search (Kiefer, 1953) over the logarithm of the
 * sharpness. Each step narrows the range to 0.62 times and asks once.
 *
 * @param low, high positive, the range to search.
 */
export function leastSharpness(
  lossAt: (sharpness: number) => number,
  low: number,
  high: number,
  stepCount: number,
): Least {
  const ask = (place: number) => ({ place, loss: lossAt(Math.exp(place)) });
  let [from, to] = [Math.log(low), Math.log(high)];
  let left = ask(to - GOLDEN * (to - from));
  let right = ask(from + GOLDEN * (to - from));
  for (let step = 0; step < stepCount; step++) {
    if (left.loss <= right.loss) {
      to = right.place;
      right = left;
      left = ask(to - GOLDEN * (to - from));
    } else {
      from = left.place;
      left = right;
      right = ask(from + GOLDEN * (to - from));
    }
  }
  const best = left.loss <= right.loss ? left : right;
  return { sharpness: Math.exp(best.place), loss: best.loss };
}
