import type { WeightTable } from '../weights/read-weights.ts';
import type { Architecture } from './architecture.ts';
import type { TensorSource } from './tensor-source.ts';
import { TorchNetwork } from './torch-network.ts';

const STAGES = [1, 2, 3, 4] as const;
const MAX_BLOCKS = 64;

/**
 * ResNet with basic or bottleneck blocks, as torchvision and timm name it; widths, groups and numbers of blocks come
 * from the tensors. The stride of a bottleneck is on its 3x3 convolution, as in both of these libraries.
 * He et al., Deep Residual Learning for Image Recognition, 2015.
 */
export function recogniseResNet(tensors: WeightTable): Architecture | null {
  if (!tensors.has('conv1.weight') || !tensors.has('layer1.0.conv1.weight')) return null;
  const blocks = STAGES.map((stage) => blockCount(tensors, stage));
  const isBottleneck = tensors.has('layer1.0.conv3.weight');
  const depth = blocks.reduce((sum, count) => sum + count, 0) * (isBottleneck ? 3 : 2) + 2;
  const name = `ResNet-${depth}`;
  return {
    name,
    family: 'resnet',
    classifier: /^fc\./,
    build: (source, side) => build(source, side, blocks, isBottleneck),
  };
}

function blockCount(tensors: WeightTable, stage: number): number {
  let count = 0;
  while (count < MAX_BLOCKS && tensors.has(`layer${stage}.${count}.conv1.weight`)) count += 1;
  // A stage that is missing altogether is refused for its first tensor.
  return Math.max(count, 1);
}

function build(tensors: TensorSource, side: number, blocks: readonly number[], isBottleneck: boolean) {
  const network = new TorchNetwork(tensors, 1e-5);
  const stem = network.conv(network.input(side), { conv: 'conv1', norm: 'bn1', stride: 2, activation: 'relu' });
  let last = network.maxPool('maxpool', stem, 3, 2);
  for (const [index, count] of blocks.entries()) {
    for (let block = 0; block < count; block += 1) {
      const stride = index > 0 && block === 0 ? 2 : 1;
      last = addBlock(network, tensors, last, `layer${index + 1}.${block}`, stride, isBottleneck);
    }
  }
  return network.finish(last);
}

function addBlock(
  network: TorchNetwork,
  tensors: TensorSource,
  input: string,
  block: string,
  stride: number,
  isBottleneck: boolean,
): string {
  const strides = isBottleneck ? [1, stride, 1] : [stride, 1];
  let last = input;
  for (const [index, own] of strides.entries()) {
    const activation = index === strides.length - 1 ? 'linear' : 'relu';
    const names = { conv: `${block}.conv${index + 1}`, norm: `${block}.bn${index + 1}` };
    last = network.conv(last, { ...names, stride: own, activation });
  }
  const shortcut = {
    conv: `${block}.downsample.0`,
    norm: `${block}.downsample.1`,
    stride,
    activation: 'linear',
  } as const;
  const passed = tensors.has(`${block}.downsample.0.weight`) ? network.conv(input, shortcut) : input;
  return network.sum(`${block}.add`, [last, passed], 'relu');
}
