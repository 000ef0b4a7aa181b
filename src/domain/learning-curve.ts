import { randomStream } from './random.ts';

/** Accuracy on the validation part after training on some of the training images. */
export interface CurvePoint {
  readonly imageCount: number;
  readonly accuracyRatio: number;
}

/** A measured curve and what it promises. */
export interface LearningCurve {
  /** One entry for each size and seed. */
  readonly points: readonly CurvePoint[];
  readonly outlook: Outlook | null;
  readonly sentence: string;
}

/** accuracy = ceiling - drop * images ^ -decay. */
export interface PowerLaw {
  /** 0-1 */
  readonly ceiling: number;
  readonly drop: number;
  readonly decay: number;
}

/** What more images would likely bring. */
export interface Outlook {
  readonly extraCount: number;
  /** Gain in accuracy, 0-1; `low` and `high` hold 80 of 100 refits to points drawn again. */
  readonly gainRatio: number;
  readonly lowRatio: number;
  readonly highRatio: number;
  readonly law: PowerLaw;
}

const SIZES = 6;
/** A smaller share says nothing of the whole. */
const SMALLEST_RATIO = 0.1;
const LEAST_IMAGES = 4;

/** Numbers of training images to try, rising, evenly by ratio; the last is all of them. Empty when there are too few. */
export function curveSizes(trainCount: number, classCount: number): number[] {
  const smallest = Math.max(LEAST_IMAGES, classCount, Math.round(trainCount * SMALLEST_RATIO));
  if (trainCount < 2 * smallest) return [];
  const sizes = Array.from({ length: SIZES }, (_, index) =>
    Math.round(smallest * (trainCount / smallest) ** (index / (SIZES - 1))),
  );
  return [...new Set(sizes)];
}

/** Training rows of one group, or a single one. */
interface DrawnUnit {
  readonly classIndex: number;
  readonly draw: number;
  readonly rows: number[];
}

/**
 * Chooses about `size` of the training rows, each class by its share and at least once where there is room. A group is drawn
 * whole or not at all: frames of one burst teach little more than one of them.
 *
 * @param classIndices class of every training row. @param groupIds its group; without them each row stands alone.
 * @returns positions, rising, as near to `size` as whole groups allow; nested for one seed.
 */
export function curveSubset(
  classIndices: readonly number[],
  size: number,
  seed: number,
  groupIds?: readonly string[],
): number[] {
  const chosen: number[] = [];
  for (const { rows } of inTurn(drawUnits(classIndices, groupIds, seed))) {
    if (chosen.length + rows.length / 2 > size && chosen.length > 0) break;
    chosen.push(...rows);
  }
  return chosen.sort((one, other) => one - other);
}

function drawUnits(classIndices: readonly number[], groupIds: readonly string[] | undefined, seed: number) {
  const random = randomStream(seed, 'learning-curve');
  const units = new Map<string, DrawnUnit>();
  classIndices.forEach((classIndex, row) => {
    const draw = random.uniform();
    const key = groupIds?.[row] ?? `row ${row}`;
    const unit = units.get(key);
    if (unit === undefined) units.set(key, { classIndex, draw, rows: [row] });
    else unit.rows.push(row);
  });
  return [...units.values()].sort((one, other) => one.draw - other.draw);
}

/** The first of each class, then each class by its share. */
function inTurn(units: readonly DrawnUnit[]): DrawnUnit[] {
  const totals = new Map<number, number>();
  for (const { classIndex, rows } of units) totals.set(classIndex, (totals.get(classIndex) ?? 0) + rows.length);
  const passed = new Map<number, number>();
  const turns = units.map((unit) => {
    const before = passed.get(unit.classIndex) ?? 0;
    passed.set(unit.classIndex, before + unit.rows.length);
    return { unit, turn: before === 0 ? -1 : (before + unit.rows.length / 2) / (totals.get(unit.classIndex) ?? 1) };
  });
  return turns.sort((one, other) => one.turn - other.turn || one.unit.draw - other.unit.draw).map(({ unit }) => unit);
}

const DECAYS = Array.from({ length: 40 }, (_, index) => 0.05 * (index + 1));

/**
 * Fits accuracy = a - b n^-c by least squares, with a at most 1, b not negative and c among 0.05 to 2: for each c the best
 * a and b are those of a straight line in n^-c. Null with fewer than three sizes.
 */
export function fitPowerLaw(points: readonly CurvePoint[]): PowerLaw | null {
  if (new Set(points.map(({ imageCount }) => imageCount)).size < 3) return null;
  let best: { law: PowerLaw; error: number } | null = null;
  for (const decay of DECAYS) {
    const law = fitLine(points, decay);
    const error = points.reduce(
      (sum, point) => sum + (point.accuracyRatio - accuracyAt(law, point.imageCount)) ** 2,
      0,
    );
    if (best === null || error < best.error) best = { law, error };
  }
  return best?.law ?? null;
}

function fitLine(points: readonly CurvePoint[], decay: number): PowerLaw {
  const xs = points.map(({ imageCount }) => imageCount ** -decay);
  const ys = points.map(({ accuracyRatio }) => accuracyRatio);
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const spread = xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
  const joint = xs.reduce((sum, x, index) => sum + (x - meanX) * ((ys[index] ?? 0) - meanY), 0);
  const drop = Math.max(0, spread === 0 ? 0 : -joint / spread);
  const ceiling = meanY + drop * meanX;
  if (ceiling <= 1) return { ceiling, drop, decay };
  // With the ceiling at 1 only the drop is left to fit.
  const squares = xs.reduce((sum, x) => sum + x * x, 0);
  return {
    ceiling: 1,
    drop: Math.max(0, xs.reduce((sum, x, index) => sum + x * (1 - (ys[index] ?? 0)), 0) / squares),
    decay,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Accuracy a law expects of so many training images, 0-1. */
export function accuracyAt({ ceiling, drop, decay }: PowerLaw, imageCount: number): number {
  return Math.min(1, Math.max(0, ceiling - drop * imageCount ** -decay));
}

const REFITS = 200;
const OUTER_SHARE = 0.1;

/** What `extraCount` more training images would likely bring; the range comes of points drawn again (bootstrap). */
export function outlookOf(
  points: readonly CurvePoint[],
  trainCount: number,
  extraCount: number,
  seed: number,
): Outlook | null {
  const law = fitPowerLaw(points);
  if (law === null) return null;
  const gainOf = (fitted: PowerLaw) => accuracyAt(fitted, trainCount + extraCount) - accuracyAt(fitted, trainCount);
  const random = randomStream(seed, 'learning-curve-refits');
  const gains: number[] = [];
  for (let refit = 0; refit < REFITS; refit++) {
    const drawn = points.flatMap(() => points[random.below(points.length)] ?? []);
    const fitted = fitPowerLaw(drawn);
    if (fitted !== null) gains.push(gainOf(fitted));
  }
  gains.sort((one, other) => one - other);
  const at = (share: number) => gains[Math.round(share * (gains.length - 1))] ?? gainOf(law);
  const gainRatio = gainOf(law);
  return {
    extraCount,
    gainRatio,
    lowRatio: Math.min(gainRatio, at(OUTER_SHARE)),
    highRatio: Math.max(gainRatio, at(1 - OUTER_SHARE)),
    law,
  };
}

const points = (ratio: number) => (100 * ratio).toFixed(1);

/** Fewer images tell accuracies apart by steps of more than three points. */
const FEW_SCORED = 30;
/** Where even the upper end of the range is below half a point, the gain is next to nothing. */
const NEXT_TO_NOTHING = 0.005;

/**
 * The outlook as one sentence, which claims no more than the images it was measured on can show.
 * @param scoredCount images of the validation part, which gave every accuracy.
 */
export function outlookSentence(outlook: Outlook | null, scoredCount: number): string {
  if (outlook === null) return 'There are too few training images to say what more would bring.';
  const { extraCount, gainRatio, lowRatio, highRatio } = outlook;
  const range = `between ${points(lowRatio)} and ${points(highRatio)}`;
  if (scoredCount < FEW_SCORED) {
    const images = scoredCount === 1 ? '1 validation image is' : `${scoredCount} validation images are`;
    return `${images} too few to say what ${extraCount} more training images would bring: the curve gives +${points(gainRatio)} points (${range}).`;
  }
  if (gainRatio >= 0.0005) {
    return `${extraCount} more images would likely bring about +${points(gainRatio)} points (${range}).`;
  }
  return highRatio < NEXT_TO_NOTHING
    ? `${extraCount} more images would likely bring next to nothing (${range} points).`
    : `A gain from ${extraCount} more images is not shown: about +${points(gainRatio)} points (${range}).`;
}
