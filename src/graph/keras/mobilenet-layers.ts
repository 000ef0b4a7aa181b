import type { JsonRecord } from '../json-fields.ts';
import { LayerList } from './layer-list.ts';
import { type LayerShapes, outputChannels } from './layer-shapes.ts';

/** Blocks of MobileNet v1 that halve the picture, and how many there are. Howard et al., MobileNets, 2017, table 1. */
const V1_HALVING = new Set([2, 4, 6, 12]);
const V1_BLOCKS = 13;

/** Strides of MobileNet v2's blocks. Sandler et al., MobileNetV2, 2018, table 2. */
const V2_STRIDES = [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1] as const;

/**
 * Convolution, batch norm and ReLU6. Keras pads halving layers below and to the right where a side is even and all
 * around where it is odd, which is just what SAME does.
 */
class MobileNetLayers extends LayerList {
  filter(name: string, norm: string, className: string, stride: number, input: string): string {
    const config = { strides: [stride, stride], padding: 'same', use_bias: false };
    const filtered = this.add(name, className, config, [input]);
    return this.add(norm, 'BatchNormalization', { axis: -1, epsilon: 1e-3 }, [filtered]);
  }

  clip(name: string, input: string): string {
    return this.add(name, 'ReLU', { max_value: 6 }, [input]);
  }
}

/** MobileNet v1 of any width as `keras.applications` names its layers. */
export function recogniseMobileNetV1(shapes: LayerShapes): JsonRecord | null {
  if (!shapes.has('conv_pw_1') || !shapes.has('conv_dw_1')) return null;
  const layers = new MobileNetLayers();
  const stem = layers.filter('conv1', 'conv1_bn', 'Conv2D', 2, layers.input());
  let last = layers.clip('conv1_relu', stem);
  for (let block = 1; block <= V1_BLOCKS; block += 1) {
    const stride = V1_HALVING.has(block) ? 2 : 1;
    last = layers.filter(`conv_dw_${block}`, `conv_dw_${block}_bn`, 'DepthwiseConv2D', stride, last);
    last = layers.clip(`conv_dw_${block}_relu`, last);
    last = layers.filter(`conv_pw_${block}`, `conv_pw_${block}_bn`, 'Conv2D', 1, last);
    last = layers.clip(`conv_pw_${block}_relu`, last);
  }
  return layers.finish(last);
}

/** MobileNet v2 of any width as `keras.applications` names its layers. */
export function recogniseMobileNetV2(shapes: LayerShapes): JsonRecord | null {
  if (!shapes.has('expanded_conv_depthwise') || !shapes.has('Conv_1')) return null;
  const layers = new MobileNetLayers();
  let last = layers.clip('Conv1_relu', layers.filter('Conv1', 'bn_Conv1', 'Conv2D', 2, layers.input()));
  let channels = outputChannels(shapes, 'Conv1');
  for (const [index, stride] of V2_STRIDES.entries()) {
    const block = index === 0 ? 'expanded_conv' : `block_${index}`;
    const projected = addBlock(layers, block, stride, last, index > 0);
    const outCount = outputChannels(shapes, `${block}_project`);
    const isSkipped = stride === 1 && outCount === channels;
    last = isSkipped ? layers.add(`${block}_add`, 'Add', {}, [last, projected]) : projected;
    channels = outCount;
  }
  return layers.finish(layers.clip('out_relu', layers.filter('Conv_1', 'Conv_1_bn', 'Conv2D', 1, last)));
}

function addBlock(layers: MobileNetLayers, block: string, stride: number, input: string, expands: boolean): string {
  let last = input;
  if (expands) {
    last = layers.filter(`${block}_expand`, `${block}_expand_BN`, 'Conv2D', 1, last);
    last = layers.clip(`${block}_expand_relu`, last);
  }
  last = layers.filter(`${block}_depthwise`, `${block}_depthwise_BN`, 'DepthwiseConv2D', stride, last);
  last = layers.clip(`${block}_depthwise_relu`, last);
  return layers.filter(`${block}_project`, `${block}_project_BN`, 'Conv2D', 1, last);
}
