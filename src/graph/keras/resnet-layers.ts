import type { JsonRecord } from '../json-fields.ts';
import { LayerList } from './layer-list.ts';
import type { LayerShapes } from './layer-shapes.ts';

const STAGES = [2, 3, 4, 5] as const;
const MAX_BLOCKS = 64;
/** What `keras.applications` adds to the variances of its ResNets. */
const EPSILON = 1.001e-5;

/** ResNet-50, 101 and 152 (the first version) as `keras.applications` names their layers. */
export function recogniseResNet(shapes: LayerShapes): JsonRecord | null {
  if (!shapes.has('conv1_bn') || !shapes.has('conv2_block1_0_bn') || !shapes.has('conv2_block1_3_conv')) return null;
  const layers = new LayerList();
  const padded = layers.add('conv1_pad', 'ZeroPadding2D', { padding: [3, 3] }, [layers.input()]);
  const stem = activate(layers, 'conv1_relu', addConv(layers, 'conv1', 2, 'valid', padded));
  const border = layers.add('pool1_pad', 'ZeroPadding2D', { padding: [1, 1] }, [stem]);
  let last = layers.add('pool1_pool', 'MaxPooling2D', { pool_size: [3, 3], strides: [2, 2] }, [border]);
  for (const stage of STAGES) {
    for (let block = 1; block <= MAX_BLOCKS && (block === 1 || has(shapes, stage, block)); block += 1) {
      last = addBlock(layers, `conv${stage}_block${block}`, block === 1 && stage > 2 ? 2 : 1, last, block === 1);
    }
  }
  return layers.finish(last);
}

function has(shapes: LayerShapes, stage: number, block: number): boolean {
  return shapes.has(`conv${stage}_block${block}_1_conv`);
}

/** The first convolution of a block has its stride, which is where these weights were trained with it. */
function addBlock(layers: LayerList, block: string, stride: number, input: string, projects: boolean): string {
  const passed = projects ? addConv(layers, `${block}_0`, stride, 'valid', input) : input;
  let last = activate(layers, `${block}_1_relu`, addConv(layers, `${block}_1`, stride, 'valid', input));
  last = activate(layers, `${block}_2_relu`, addConv(layers, `${block}_2`, 1, 'same', last));
  last = addConv(layers, `${block}_3`, 1, 'valid', last);
  return activate(layers, `${block}_out`, layers.add(`${block}_add`, 'Add', {}, [passed, last]));
}

function addConv(layers: LayerList, name: string, stride: number, padding: string, input: string): string {
  const conv = layers.add(`${name}_conv`, 'Conv2D', { strides: [stride, stride], padding }, [input]);
  return layers.add(`${name}_bn`, 'BatchNormalization', { axis: -1, epsilon: EPSILON }, [conv]);
}

function activate(layers: LayerList, name: string, input: string): string {
  return layers.add(name, 'Activation', { activation: 'relu' }, [input]);
}
