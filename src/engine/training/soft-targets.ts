import { softened, type Teaching } from '../../domain/teaching.ts';

/** A teacher's part in the slope of a batch: weight x (softmax(scores / temperature) - target / weight). */
export interface SoftTargets {
  readonly temperature: number;
  /** Of every row, float32 [rows]; 0 where the teacher has no answer. */
  readonly weights: Float32Array;
  /** The teacher's softened answer times the row's weight, float32 [rows * classCount]. */
  readonly targets: Float32Array;
}

/** Labels and teacher of a batch, weighed against each other. */
export interface SharedTargets {
  readonly weights: Float32Array;
  readonly targets: Float32Array;
  readonly soft: SoftTargets;
}

/** Weighs a teacher's answers against the labels of batches. */
export interface TeacherFeed {
  /**
   * @param imageRows row of the image behind every row of the batch.
   * @param weights of the rows, [rows]; `targets` are their labels times these, [rows * classCount].
   */
  share(imageRows: Int32Array, weights: Float32Array, targets: Float32Array): SharedTargets;
}

/**
 * The loss is (1 - w) CE(label) + w T^2 CE(teacher at T, student at T). The slope of the second by a score is
 * w T (student at T - teacher at T): the factor T^2 keeps its size beside the first (Hinton, Vinyals and Dean, 2015).
 */
export function createTeacherFeed(teaching: Teaching, classCount: number): TeacherFeed {
  const { probabilities, temperature, weight } = teaching;
  const rowCount = probabilities.length / classCount;
  const answers = Array.from({ length: rowCount }, (_, row) =>
    softened(probabilities.subarray(row * classCount, (row + 1) * classCount), temperature),
  );
  const isAnswered = answers.map((answer) => answer.some((probability) => probability > 0));
  return {
    share: (imageRows, weights, targets) => {
      const taught = (row: number) => (isAnswered[imageRows[row] ?? 0] === true ? weight : 0);
      const softWeights = weights.map((own, row) => own * taught(row) * temperature);
      return {
        weights: weights.map((own, row) => own * (1 - taught(row))),
        targets: targets.map((own, at) => own * (1 - taught(Math.floor(at / classCount)))),
        soft: {
          temperature,
          weights: softWeights,
          targets: targets.map((_, at) => {
            const row = Math.floor(at / classCount);
            return (softWeights[row] ?? 0) * (answers[imageRows[row] ?? 0]?.[at % classCount] ?? 0);
          }),
        },
      };
    },
  };
}
