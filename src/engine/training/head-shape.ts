import type { HeadWeights } from '../../domain/head.ts';
import { type RandomStream, randomStream } from '../../domain/random.ts';

/** Sizes of a head; `hiddenUnits` 0 means features go straight into the softmax. */
export interface HeadShape {
  readonly featureLength: number;
  readonly hiddenUnits: number;
  readonly classCount: number;
}

/** Kernels as Glorot and Bengio (2010, uniform), biases zero. */
export function initialHead({ featureLength, hiddenUnits, classCount }: HeadShape, seed: number): HeadWeights {
  const random = randomStream(seed, 'head-weights');
  const layer = <A extends 'relu' | 'softmax'>(inputLength: number, outputLength: number, activation: A) => ({
    kernel: glorotUniform(inputLength, outputLength, random),
    bias: new Float32Array(outputLength),
    inputLength,
    outputLength,
    activation,
  });
  if (hiddenUnits === 0) return { layers: [layer(featureLength, classCount, 'softmax')] };
  return { layers: [layer(featureLength, hiddenUnits, 'relu'), layer(hiddenUnits, classCount, 'softmax')] };
}

function glorotUniform(inputLength: number, outputLength: number, random: RandomStream): Float32Array {
  const limit = Math.sqrt(6 / (inputLength + outputLength));
  const draws = new Uint32Array(inputLength * outputLength);
  random.fill(draws);
  return new Float32Array(draws.length).map((_, index) => (((draws[index] ?? 0) / 2 ** 32) * 2 - 1) * limit);
}
