import type { HeadKind } from './head-settings.ts';

/** A head that Automatic tried, with its mean cross-entropy on images it had not learnt from. */
export interface ClassifierCandidate {
  readonly head: HeadKind;
  /** In natural logarithms; null where it could not be measured or training failed. */
  readonly validationLoss: number | null;
  /** Of that loss; null with it, and of a single image. */
  readonly standardError: number | null;
  /** How much higher its loss is than the least, and the standard error of that difference, paired by image; 0 for the least itself. */
  readonly lossGap: number | null;
  readonly gapStandardError: number | null;
}

/** What Automatic chose, and by what. */
export interface ClassifierChoice {
  readonly chosen: HeadKind;
  /** The one taken of equals first. */
  readonly candidates: readonly ClassifierCandidate[];
  /** Images of the validation part, or folds of training and validation images where that part is small. */
  readonly comparedOn: 'validation' | 'cross-validation';
  /** Images that the losses are means over. */
  readonly imageCount: number;
  /** The head whose epochs the curves show: the last that learns in epochs, whichever was chosen. */
  readonly curvesOf: HeadKind;
}

/** Losses of one head by image, in the same order for all heads; null where it has none. */
export interface CandidateLosses {
  readonly head: HeadKind;
  readonly losses: Float64Array | null;
}

/**
 * Chooses by the mean loss, and of heads within one standard error of the least the first: the error of the difference,
 * paired by image (Breiman et al., 1984, the one-standard-error rule).
 *
 * @param candidates the one taken of equals first; at least one.
 * @param weights of the images, above 0: class weights where the classes are balanced.
 */
export function chooseClassifier(
  candidates: readonly CandidateLosses[],
  weights: Float64Array,
): Pick<ClassifierChoice, 'chosen' | 'candidates'> {
  const means = candidates.map(({ losses }) => (losses === null ? null : weightedMean(losses, weights)));
  const known = means.filter((mean) => mean !== null);
  const least = known.length === 0 ? null : Math.min(...known);
  const best = candidates[means.indexOf(least)]?.losses ?? null;
  const described = candidates.map(({ head, losses }, index): ClassifierCandidate => {
    const mean = means[index] ?? null;
    if (losses === null || best === null || mean === null) {
      return { head, validationLoss: null, standardError: null, lossGap: null, gapStandardError: null };
    }
    const gaps = losses.map((loss, row) => loss - (best[row] ?? 0));
    return {
      head,
      validationLoss: mean,
      standardError: errorOfMean(losses, weights),
      lossGap: weightedMean(gaps, weights),
      gapStandardError: errorOfMean(gaps, weights),
    };
  });
  const isNear = ({ lossGap, gapStandardError }: ClassifierCandidate) =>
    lossGap !== null && lossGap <= (gapStandardError ?? 0);
  const chosen = described.find(isNear)?.head ?? candidates[0]?.head ?? 'prototypes';
  return { chosen, candidates: described };
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  values.forEach((value, row) => {
    const weight = weights[row] ?? 0;
    sum += weight * value;
    total += weight;
  });
  return total === 0 ? 0 : sum / total;
}

/** Standard error of a weighted mean; null with fewer than two values. */
function errorOfMean(values: Float64Array, weights: Float64Array): number | null {
  if (values.length < 2) return null;
  const mean = weightedMean(values, weights);
  let [squares, total] = [0, 0];
  values.forEach((value, row) => {
    const weight = weights[row] ?? 0;
    squares += (weight * (value - mean)) ** 2;
    total += weight;
  });
  return (Math.sqrt(squares) / total) * Math.sqrt(values.length / (values.length - 1));
}

/** The heads as words within a sentence. */
export const HEAD_WORDS: Readonly<Record<HeadKind, string>> = {
  prototypes: 'class averages',
  logistic: 'logistic regression',
  network: 'a network',
  neighbours: 'nearest neighbours',
};

/** What was chosen and by how much, as one sentence. */
export function choiceSentence(choice: ClassifierChoice): string {
  const { chosen, candidates } = choice;
  const own = candidates.find(({ head }) => head === chosen);
  const chose = `Automatic chose ${HEAD_WORDS[chosen]}`;
  const others = candidates.filter(({ head, validationLoss }) => head !== chosen && validationLoss !== null);
  if (own === undefined || own.validationLoss === null) {
    return `${chose}: there are too few images to compare it with others.`;
  }
  const where = `its loss is ${number(own.validationLoss)} ${imagesText(choice)}`;
  if (others.length === 0) return `${chose}: ${where}, and there was nothing to compare it with.`;
  if (own.lossGap === 0) {
    const against = others.map(({ head, lossGap, gapStandardError }) => {
      return `${number(lossGap ?? 0)} ± ${number(gapStandardError ?? 0)} lower than that of ${HEAD_WORDS[head]}`;
    });
    return `${chose}: ${where}, ${against.join(' and ')}.`;
  }
  const best = others.find(({ lossGap }) => lossGap === 0);
  const bestWords = best === undefined ? 'the least' : `that of ${HEAD_WORDS[best.head]}`;
  return `${chose}: ${where}, ${number(own.lossGap ?? 0)} ± ${number(own.gapStandardError ?? 0)} above ${bestWords}, which is no clear difference, and ${preferenceOver(best?.head)}.`;
}

/** Why a head was taken before one that is as good. */
function preferenceOver(best: HeadKind | undefined): string {
  return best === 'prototypes' ? 'further images help it more' : 'it is the simpler one';
}

function imagesText({ comparedOn, imageCount }: ClassifierChoice): string {
  const images = imageCount === 1 ? 'image' : 'images';
  return comparedOn === 'validation'
    ? `on ${imageCount} validation ${images}`
    : `on ${imageCount} ${images} outside the test part, each predicted by a model that had not seen it`;
}

function number(value: number): string {
  return value.toFixed(value < 0.1 ? 3 : 2);
}
