import type { Activation } from '../folded-graph.ts';
import type { WeightTable } from '../weights/read-weights.ts';
import type { TensorSource } from './tensor-source.ts';
import type { TorchNetwork } from './torch-network.ts';

/** Names of a convolution and of the batch norm after it. */
export interface ConvNames {
  readonly conv: string;
  readonly norm: string;
}

/** The tensors of one block of MobileNet v2 or v3, whatever library named them. */
export interface BlockNames {
  readonly id: string;
  /** Null where the block works on as many channels as it gets. */
  readonly expand: ConvNames | null;
  readonly depthwise: ConvNames;
  /** The two 1x1 convolutions of a squeeze-excite; null where there is none. */
  readonly squeeze: { readonly reduce: string; readonly expand: string } | null;
  readonly project: ConvNames;
}

/** Everything below the feature. */
export interface MobileNetNames {
  readonly stem: ConvNames;
  readonly blocks: readonly BlockNames[];
  /** The 1x1 convolution after the blocks. */
  readonly last: ConvNames;
}

const MAX_BLOCKS = 64;

/**
 * torchvision: `features.0` is the stem, `features.1` and so on are blocks whose layers are numbered under `part`,
 * and the last number is the 1x1 convolution.
 *
 * @param part "conv" in MobileNet v2, "block" in v3.
 */
export function torchvisionNames(tensors: WeightTable, part: 'conv' | 'block'): MobileNetNames {
  const blocks: BlockNames[] = [];
  while (blocks.length < MAX_BLOCKS && tensors.has(`features.${blocks.length + 1}.${part}.0.0.weight`)) {
    blocks.push(torchvisionBlock(tensors, `features.${blocks.length + 1}`, part));
  }
  return { stem: numbered('features.0'), blocks, last: numbered(`features.${blocks.length + 1}`) };
}

/** Convolution and norm as the first two layers of a list. */
function numbered(list: string): ConvNames {
  return { conv: `${list}.0`, norm: `${list}.1` };
}

/** The projection of MobileNet v2 is two layers of the block's own list, that of v3 a list by itself. */
function torchvisionBlock(tensors: WeightTable, id: string, part: 'conv' | 'block'): BlockNames {
  const layer = (index: number) => `${id}.${part}.${index}`;
  const isDepthwise = (index: number) => tensors.get(`${layer(index)}.0.weight`)?.shape[1] === 1;
  // The first layer expands, unless there is nothing to expand; a lone input channel looks the same and is in no network.
  const first = isDepthwise(0) ? 0 : 1;
  const hasSqueeze = tensors.has(`${layer(first + 1)}.fc1.weight`);
  const at = first + (hasSqueeze ? 2 : 1);
  return {
    id,
    expand: first === 0 ? null : numbered(layer(0)),
    depthwise: numbered(layer(first)),
    squeeze: hasSqueeze ? { reduce: `${layer(first + 1)}.fc1`, expand: `${layer(first + 1)}.fc2` } : null,
    project: part === 'conv' ? { conv: layer(at), norm: layer(at + 1) } : numbered(layer(at)),
  };
}

/** timm: `conv_stem`, then `blocks.<stage>.<number>`; `last` differs between v2 and v3. */
export function timmNames(tensors: WeightTable, last: ConvNames): MobileNetNames {
  const blocks: BlockNames[] = [];
  let stage = 0;
  while (blocks.length < MAX_BLOCKS && tensors.has(`blocks.${stage}.0.conv_dw.weight`)) {
    let number = 0;
    while (blocks.length < MAX_BLOCKS && tensors.has(`blocks.${stage}.${number}.conv_dw.weight`)) {
      blocks.push(timmBlock(tensors, `blocks.${stage}.${number}`));
      number += 1;
    }
    stage += 1;
  }
  return { stem: { conv: 'conv_stem', norm: 'bn1' }, blocks, last };
}

function timmBlock(tensors: WeightTable, id: string): BlockNames {
  const names = (conv: string, norm: string) => ({ conv: `${id}.${conv}`, norm: `${id}.${norm}` });
  const expands = tensors.has(`${id}.conv_pwl.weight`);
  const squeeze = { reduce: `${id}.se.conv_reduce`, expand: `${id}.se.conv_expand` };
  return {
    id,
    expand: expands ? names('conv_pw', 'bn1') : null,
    depthwise: expands ? names('conv_dw', 'bn2') : names('conv_dw', 'bn1'),
    squeeze: tensors.has(`${squeeze.reduce}.weight`) ? squeeze : null,
    project: expands ? names('conv_pwl', 'bn3') : names('conv_pw', 'bn2'),
  };
}

/**
 * One block: expand, depthwise, squeeze-excite, project; the input is added where neither size nor channels changed.
 *
 * @returns the id of the block's last node.
 */
export function addInvertedResidual(
  network: TorchNetwork,
  tensors: TensorSource,
  input: string,
  names: BlockNames,
  stride: number,
  activation: Activation,
): string {
  const wide = names.expand === null ? input : network.conv(input, { ...names.expand, stride: 1, activation });
  const filtered = network.conv(wide, { ...names.depthwise, stride, activation, isDepthwise: true });
  const weighted = names.squeeze === null ? filtered : addSqueeze(network, filtered, names.id, names.squeeze);
  const projected = network.conv(weighted, { ...names.project, stride: 1, activation: 'linear' });
  const inCount = tensors.take(`${(names.expand ?? names.depthwise).conv}.weight`, 4).shape[
    names.expand === null ? 0 : 1
  ];
  const outCount = tensors.take(`${names.project.conv}.weight`, 4).shape[0];
  const isSkipped = stride === 1 && inCount === outCount;
  return isSkipped ? network.sum(`${names.id}.add`, [projected, input], 'linear') : projected;
}

/** Every channel times a gate made from the averages of all. Hu et al., Squeeze-and-Excitation Networks, 2017. */
function addSqueeze(
  network: TorchNetwork,
  input: string,
  id: string,
  names: { reduce: string; expand: string },
): string {
  const averages = network.globalPool(`${id}.se.pool`, input, true);
  const reduced = network.conv(averages, { conv: names.reduce, norm: null, stride: 1, activation: 'relu' });
  const gate = network.conv(reduced, { conv: names.expand, norm: null, stride: 1, activation: 'hardSigmoid' });
  return network.product(`${id}.se.multiply`, input, gate);
}
