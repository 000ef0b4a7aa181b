/** What a taught head learns beside its labels (Hinton, Vinyals and Dean, 2015). */
export interface TeachingSettings {
  /** Softens the answers of teacher and student before they are compared: 1 leaves them as they are. */
  readonly temperature: number;
  /** Share of the teacher in the loss, 0-1; the labels have the rest. */
  readonly weight: number;
}

export const DEFAULT_TEACHING: TeachingSettings = { temperature: 2, weight: 0.5 };

export interface Teaching extends TeachingSettings {
  /** The teacher's answers, float32 [rows, classCount], row major. A row of zeros: it has none, the label alone counts. */
  readonly probabilities: Float32Array;
}

/** @throws RangeError */
export function checkTeaching({ temperature, weight }: TeachingSettings): TeachingSettings {
  if (!(temperature >= 1 && temperature <= 20)) throw new RangeError('The temperature is from 1 to 20.');
  if (!(weight >= 0 && weight <= 1)) throw new RangeError('The weight of the teacher is from 0 to 1.');
  return { temperature, weight };
}

/**
 * What a classifier with these probabilities would say at another temperature: p^(1 / temperature), made to sum to 1 again.
 * @returns zeros where all probabilities are zero.
 */
export function softened(probabilities: Float32Array, temperature: number): Float32Array {
  const powers = probabilities.map((probability) => probability ** (1 / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return sum === 0 ? powers : powers.map((power) => power / sum);
}

/** A teacher's answers and what they are about. */
interface TaughtFrom {
  readonly imageIds: readonly string[];
  readonly classCount: number;
  readonly probabilities: Float32Array;
  /** Ids of its classes, in the order of its outputs. */
  readonly classIds: readonly string[];
}

/**
 * The teacher's answers in the order of other images and classes. Images it has not seen, and those whose class it does not
 * know, get none; classes that are gone are left out and the rest made to sum to 1.
 *
 * @param images with the id of each one's class.
 * @returns float32 [images, classIds.length].
 */
export function answersFor(
  teacher: TaughtFrom,
  images: readonly { readonly id: string; readonly classId: string }[],
  classIds: readonly string[],
): Float32Array {
  const rowOf = new Map(teacher.imageIds.map((id, row) => [id, row]));
  const columns = classIds.map((id) => teacher.classIds.indexOf(id));
  const answers = new Float32Array(images.length * classIds.length);
  images.forEach(({ id, classId }, position) => {
    const row = rowOf.get(id);
    if (row === undefined || !teacher.classIds.includes(classId)) return;
    const own = columns.map((column) =>
      column < 0 ? 0 : (teacher.probabilities[row * teacher.classCount + column] ?? 0),
    );
    answers.set(softened(Float32Array.from(own), 1), position * classIds.length);
  });
  return answers;
}
