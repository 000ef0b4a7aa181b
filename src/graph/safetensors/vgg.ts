import { corrupt } from '../graph-error.ts';
import type { WeightTable } from '../weights/read-weights.ts';
import type { Architecture } from './architecture.ts';
import type { TensorSource } from './tensor-source.ts';
import { TorchNetwork } from './torch-network.ts';

const CONV = /^features\.(\d+)\.weight$/;
const POOLS = 5;
const DENSE_LAYERS = 3;

/**
 * VGG with or without batch norm, as torchvision and timm name it. `features` is a list of layers, and only some have
 * tensors: a convolution, its norm where there is one, a ReLU; a number left out beyond those is a maximum pool.
 * The three dense layers on top are not read: the feature is the last map averaged over space.
 * Simonyan and Zisserman, Very Deep Convolutional Networks, 2014.
 */
export function recogniseVgg(tensors: WeightTable): Architecture | null {
  if (!tensors.has('features.0.weight') || tensors.get('features.0.weight')?.shape.length !== 4) return null;
  const places = [...tensors]
    .filter(([, { shape }]) => shape.length === 4)
    .flatMap(([name]) => CONV.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const hasNorms = tensors.has('features.1.running_mean');
  return {
    name: `VGG-${places.length + DENSE_LAYERS}${hasNorms ? ' with batch norm' : ''}`,
    family: 'vgg',
    classifier: /^(classifier|pre_logits|head)\./,
    build: (source, side) => build(source, side, places, hasNorms),
  };
}

function build(tensors: TensorSource, side: number, places: readonly number[], hasNorms: boolean) {
  const network = new TorchNetwork(tensors, 1e-5);
  const layersEach = hasNorms ? 3 : 2;
  let last = network.input(side);
  let pools = 0;
  for (const [index, place] of places.entries()) {
    const norm = hasNorms ? `features.${place + 1}` : null;
    last = network.conv(last, { conv: `features.${place}`, norm, stride: 1, activation: 'relu' });
    const next = place + layersEach;
    const following = places[index + 1] ?? next + 1;
    if (following !== next && following !== next + 1) throw corrupt(`The layer "features.${next}" is missing.`);
    if (following === next) continue;
    last = network.maxPool(`features.${next}`, last, 2, 2);
    pools += 1;
  }
  if (pools !== POOLS) throw corrupt(`This looks like VGG, but its layers are in ${pools} groups, not in ${POOLS}.`);
  return network.finish(last);
}
