import type { DenseWeights, HeadWeights } from '../../domain/head.ts';
import { type RandomStream, randomStream } from '../../domain/random.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';

/** Sizes of a head. */
export interface HeadShape {
  readonly featureLength: number;
  /** Sizes of the layers between features and classes, none to two; none: features go straight into the softmax. */
  readonly hiddenUnits: readonly number[];
  readonly classCount: number;
}

/** The shape that settings ask for. The second hidden layer is left out with the first. */
export function headShapeOf(
  featureLength: number,
  classCount: number,
  { hiddenUnits, secondHiddenUnits }: Pick<ResolvedSettings, 'hiddenUnits' | 'secondHiddenUnits'>,
): HeadShape {
  const wanted = hiddenUnits === 0 ? [] : [hiddenUnits, secondHiddenUnits];
  return { featureLength, hiddenUnits: wanted.filter((units) => units > 0), classCount };
}

/** Input and output length of every dense layer, first to last. */
export function layerSizes({ featureLength, hiddenUnits, classCount }: HeadShape): (readonly [number, number])[] {
  const inputs = [featureLength, ...hiddenUnits];
  return [...hiddenUnits, classCount].map((outputLength, layer) => [inputs[layer] ?? 0, outputLength]);
}

/** What follows a layer: relu between layers, softmax at the end. */
export function activationOf(layer: number, { hiddenUnits }: HeadShape): DenseWeights['activation'] {
  return layer < hiddenUnits.length ? 'relu' : 'softmax';
}

/** Kernels as Glorot and Bengio (2010, uniform), biases zero. */
export function initialHead(shape: HeadShape, seed: number): HeadWeights {
  const random = randomStream(seed, 'head-weights');
  return {
    layers: layerSizes(shape).map(([inputLength, outputLength], layer) => ({
      kernel: glorotUniform(inputLength, outputLength, random),
      bias: new Float32Array(outputLength),
      inputLength,
      outputLength,
      activation: activationOf(layer, shape),
    })),
  };
}

function glorotUniform(inputLength: number, outputLength: number, random: RandomStream): Float32Array {
  const limit = Math.sqrt(6 / (inputLength + outputLength));
  const draws = new Uint32Array(inputLength * outputLength);
  random.fill(draws);
  return new Float32Array(draws.length).map((_, index) => (((draws[index] ?? 0) / 2 ** 32) * 2 - 1) * limit);
}
