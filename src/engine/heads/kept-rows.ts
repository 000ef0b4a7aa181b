import { stratifiedSample } from '../../domain/folds.ts';
import { MOST_NEIGHBOURS } from '../../domain/neighbours.ts';

/** What rows show and are called, entry by entry. */
export interface LabelledRows {
  /** Hash of the image; changed views of it, and copies, have the same. */
  readonly images: readonly string[];
  readonly classIndices: Int32Array;
}

/** Which rows a head of neighbours keeps and by which of them it is judged; positions in the rows. */
interface KeptRows {
  readonly kept: readonly number[];
  /** Positions in `kept`: one for each image, of classes that have another image to be recognised by. */
  readonly judged: readonly number[];
}

/** Rows judged without themselves at most: they are compared with all that are kept, again and again. */
const MOST_JUDGED = 1000;

/**
 * Keeps all rows, or as many as `MOST_NEIGHBOURS`, each class by its share and views only where there is room. The seed and
 * the images' content decide which.
 */
export function chooseKeptRows({ images, classIndices }: LabelledRows, seed: number): KeptRows {
  const seenCounts = new Map<string, number>();
  const turns = images.map((image) => {
    const turn = seenCounts.get(image) ?? 0;
    seenCounts.set(image, turn + 1);
    return turn;
  });
  const sample = (positions: readonly number[], limit: number) => {
    const items = positions.map((at) => ({ hash: `${images[at]} ${turns[at]}`, classId: String(classIndices[at]) }));
    return stratifiedSample(items, limit, seed).map((index) => positions[index] ?? 0);
  };
  const positionsOf = (wanted: (turn: number) => boolean) => turns.flatMap((turn, at) => (wanted(turn) ? [at] : []));
  const once = sample(
    positionsOf((turn) => turn === 0),
    MOST_NEIGHBOURS,
  );
  const again = sample(
    positionsOf((turn) => turn > 0),
    MOST_NEIGHBOURS - once.length,
  );
  const kept = [...once, ...again];
  const imagesByClass = new Map<number, Set<string>>();
  for (const at of kept) {
    const own = classIndices[at] ?? 0;
    imagesByClass.set(own, (imagesByClass.get(own) ?? new Set()).add(images[at] ?? ''));
  }
  const hasOthers = (at: number) => (imagesByClass.get(classIndices[at] ?? 0)?.size ?? 0) > 1;
  const judged = sample(once.filter(hasOthers), MOST_JUDGED);
  const placeOf = new Map(kept.map((at, place) => [at, place]));
  return { kept, judged: judged.map((at) => placeOf.get(at) ?? 0) };
}
