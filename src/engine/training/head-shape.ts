import type { DenseWeights, HeadWeights } from '../../domain/head.ts';
import { type RandomStream, randomStream } from '../../domain/random.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';
import { RemoteError } from '../../rpc/remote-error.ts';

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

/**
 * What a run starts from: kernels as Glorot and Bengio (2010, uniform), biases zero. A softmax right on the features starts
 * at zero: its loss is convex, so no draw is needed to break a symmetry, and what is drawn in the directions that few
 * images do not span would stay there as noise in every answer.
 */
function initialHead(shape: HeadShape, seed: number): HeadWeights {
  const random = randomStream(seed, 'head-weights');
  const isConvex = shape.hiddenUnits.length === 0;
  return {
    layers: layerSizes(shape).map(([inputLength, outputLength], layer) => ({
      kernel: isConvex
        ? new Float32Array(inputLength * outputLength)
        : glorotUniform(inputLength, outputLength, random),
      bias: new Float32Array(outputLength),
      inputLength,
      outputLength,
      activation: activationOf(layer, shape),
    })),
  };
}

/**
 * The weights a run starts with: those given, or new ones.
 * @throws RemoteError 'head-unfit' when the given ones have another shape.
 */
export function startingHead(shape: HeadShape, seed: number, given: HeadWeights | null): HeadWeights {
  const fresh = initialHead(shape, seed);
  if (given === null) return fresh;
  const fits = fresh.layers.every((layer, index) => {
    const other = given.layers[index];
    return other?.kernel.length === layer.kernel.length && other.outputLength === layer.outputLength;
  });
  if (fits && given.layers.length === fresh.layers.length) return given;
  throw new RemoteError('head-unfit', 'the head to start from has another shape');
}

function glorotUniform(inputLength: number, outputLength: number, random: RandomStream): Float32Array {
  const limit = Math.sqrt(6 / (inputLength + outputLength));
  const draws = new Uint32Array(inputLength * outputLength);
  random.fill(draws);
  return new Float32Array(draws.length).map((_, index) => (((draws[index] ?? 0) / 2 ** 32) * 2 - 1) * limit);
}
