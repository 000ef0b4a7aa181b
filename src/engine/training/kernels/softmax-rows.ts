/** What the scores of one row say. */
interface ScoredRow {
  /** Cross-entropy of the true class. */
  readonly loss: number;
  /** The class with the highest score, the first of equal ones. */
  readonly predicted: number;
  /** Logarithm of the sum of all exponentials: a score less this is a log probability. */
  readonly logSum: number;
}

/** @param numbers holds `classCount` scores before the softmax, from `start` on. */
export function scoreRow(numbers: Float32Array, start: number, classCount: number, trueIndex: number): ScoredRow {
  let predicted = 0;
  for (let index = 1; index < classCount; index++) {
    if ((numbers[start + index] ?? 0) > (numbers[start + predicted] ?? 0)) predicted = index;
  }
  const largest = numbers[start + predicted] ?? 0;
  let sum = 0;
  for (let index = 0; index < classCount; index++) sum += Math.exp((numbers[start + index] ?? 0) - largest);
  const logSum = largest + Math.log(sum);
  return { loss: logSum - (numbers[start + trueIndex] ?? 0), predicted, logSum };
}

/**
 * Adds a teacher's part to the slopes: softmax(scores / temperature) times weight, less the target.
 * @param target the teacher's softened answer times the row's weight, float32 [classCount].
 */
export function addSoftSlope(
  numbers: Float32Array,
  scores: number,
  temperature: number,
  weight: number,
  target: Float32Array,
  slopes: number,
): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < target.length; index++) largest = Math.max(largest, numbers[scores + index] ?? 0);
  const powerOf = (index: number) => Math.exp(((numbers[scores + index] ?? 0) - largest) / temperature);
  let sum = 0;
  for (let index = 0; index < target.length; index++) sum += powerOf(index);
  for (let index = 0; index < target.length; index++) {
    const slope = (powerOf(index) / sum) * weight - (target[index] ?? 0);
    numbers[slopes + index] = (numbers[slopes + index] ?? 0) + slope;
  }
}

/**
 * Slope of the weighted cross-entropy by each score: probability times weight, less the target.
 * @param scores position of the row's scores in `numbers`; `slopes` is where their slopes go.
 * @param target smoothed label times the row's weight, float32 [classCount].
 */
export function slopeOfRow(
  numbers: Float32Array,
  scores: number,
  logSum: number,
  weight: number,
  target: Float32Array,
  slopes: number,
): void {
  for (let index = 0; index < target.length; index++) {
    const probability = Math.exp((numbers[scores + index] ?? 0) - logSum);
    numbers[slopes + index] = probability * weight - (target[index] ?? 0);
  }
}
