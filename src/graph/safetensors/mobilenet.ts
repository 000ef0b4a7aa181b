import type { Activation } from '../folded-graph.ts';
import { unsupported } from '../graph-error.ts';
import type { SourceGraph } from '../source/source-graph.ts';
import type { WeightTable } from '../weights/read-weights.ts';
import type { Architecture } from './architecture.ts';
import { addInvertedResidual, type MobileNetNames, timmNames, torchvisionNames } from './inverted-residual.ts';
import type { TensorSource } from './tensor-source.ts';
import { TorchNetwork } from './torch-network.ts';

/** What the tensors' shapes do not say. */
interface Layout {
  readonly name: string;
  readonly family: string;
  /** One per block. */
  readonly strides: readonly number[];
  /** Side of each block's depthwise kernel: what tells these networks from others with the same names. */
  readonly kernels: readonly number[];
  /** Activation of the stem and of the last convolution. */
  readonly outer: Activation;
  /** The first so many blocks use `inner`, the others `outer`. */
  readonly innerCount: number;
  readonly inner: Activation;
}

/** Sandler et al., MobileNetV2, 2018, table 2. Widths are free, so every multiplier is read. */
const V2: Layout = {
  name: 'MobileNet v2',
  family: 'mobilenet-v2',
  strides: [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1],
  kernels: new Array<number>(17).fill(3),
  outer: 'relu6',
  innerCount: 0,
  inner: 'relu6',
};

/** Howard et al., Searching for MobileNetV3, 2019, tables 1 and 2. */
const V3_LARGE: Layout = {
  name: 'MobileNet v3 large',
  family: 'mobilenet-v3',
  strides: [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1],
  kernels: [3, 3, 3, 5, 5, 5, 3, 3, 3, 3, 3, 3, 5, 5, 5],
  outer: 'hardSwish',
  innerCount: 6,
  inner: 'relu',
};
const V3_SMALL: Layout = {
  name: 'MobileNet v3 small',
  family: 'mobilenet-v3',
  strides: [2, 2, 1, 2, 1, 1, 1, 1, 2, 1, 1],
  kernels: [3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 5],
  outer: 'hardSwish',
  innerCount: 3,
  inner: 'relu',
};

/** torchvision adds this to the variances of MobileNet v3; everywhere else PyTorch's own 1e-5 is used. */
const TORCHVISION_V3_EPSILON = 1e-3;
const EPSILON = 1e-5;

/** MobileNet v2, from torchvision or timm. */
export function recogniseMobileNetV2(tensors: WeightTable): Architecture | null {
  if (tensors.has('features.1.conv.0.0.weight')) {
    return architecture(V2, torchvisionNames(tensors, 'conv'), EPSILON, /^classifier\./);
  }
  if (!isTimm(tensors) || !tensors.has('bn2.running_mean')) return null;
  return architecture(V2, timmNames(tensors, { conv: 'conv_head', norm: 'bn2' }), EPSILON, /^classifier\./);
}

/**
 * MobileNet v3, from torchvision or timm. Its feature is the averaged map before the wide dense layer (960 numbers
 * in the large one): the libraries place and name that layer differently, and a head of our own takes its part.
 */
export function recogniseMobileNetV3(tensors: WeightTable): Architecture | null {
  if (tensors.has('features.1.block.0.0.weight')) {
    const names = torchvisionNames(tensors, 'block');
    return architecture(layoutOfV3(names), names, TORCHVISION_V3_EPSILON, /^classifier\./);
  }
  const stages = [6, 5];
  const last = stages.map((stage) => `blocks.${stage}.0`).find((block) => tensors.has(`${block}.conv.weight`));
  if (!isTimm(tensors) || last === undefined) return null;
  const names = timmNames(tensors, { conv: `${last}.conv`, norm: `${last}.bn1` });
  return architecture(layoutOfV3(names), names, EPSILON, /^(conv_head|classifier)\./);
}

function isTimm(tensors: WeightTable): boolean {
  return tensors.has('conv_stem.weight') && tensors.has('blocks.0.0.conv_dw.weight');
}

function layoutOfV3({ blocks }: MobileNetNames): Layout {
  return blocks.length === V3_SMALL.strides.length ? V3_SMALL : V3_LARGE;
}

function architecture(layout: Layout, names: MobileNetNames, epsilon: number, classifier: RegExp): Architecture {
  const { name, family } = layout;
  return { name, family, classifier, build: (tensors, side) => build(layout, names, tensors, side, epsilon) };
}

function requireLayout({ name, strides, kernels }: Layout, { blocks }: MobileNetNames, tensors: TensorSource): void {
  if (blocks.length !== strides.length) {
    throw unsupported(`This looks like ${name}, but it has ${blocks.length} blocks instead of ${strides.length}.`);
  }
  for (const [index, { depthwise }] of blocks.entries()) {
    const side = tensors.take(`${depthwise.conv}.weight`, 4).shape[2];
    if (side !== kernels[index]) {
      const wanted = `${kernels[index]} x ${kernels[index]}`;
      throw unsupported(`This looks like ${name}, but the kernel "${depthwise.conv}.weight" is not ${wanted}.`);
    }
  }
}

function build(
  layout: Layout,
  names: MobileNetNames,
  tensors: TensorSource,
  side: number,
  epsilon: number,
): SourceGraph {
  requireLayout(layout, names, tensors);
  const { strides, outer, inner, innerCount } = layout;
  const network = new TorchNetwork(tensors, epsilon);
  let last = network.conv(network.input(side), { ...names.stem, stride: 2, activation: outer });
  for (const [index, block] of names.blocks.entries()) {
    const activation = index < innerCount ? inner : outer;
    last = addInvertedResidual(network, tensors, last, block, strides[index] ?? 1, activation);
  }
  return network.finish(network.conv(last, { ...names.last, stride: 1, activation: outer }));
}
