import type { JsonRecord } from '../json-fields.ts';
import { LayerList } from './layer-list.ts';
import type { LayerShapes } from './layer-shapes.ts';

const BLOCKS = [1, 2, 3, 4, 5] as const;
const MAX_CONVS = 8;

/** VGG-16 and VGG-19 as `keras.applications` names their layers. */
export function recogniseVgg(shapes: LayerShapes): JsonRecord | null {
  if (!shapes.has('block1_conv1') || !shapes.has('block5_conv3')) return null;
  const layers = new LayerList();
  let last = layers.input();
  for (const block of BLOCKS) {
    for (let conv = 1; conv <= MAX_CONVS && shapes.has(`block${block}_conv${conv}`); conv += 1) {
      const config = { padding: 'same', activation: 'relu' };
      last = layers.add(`block${block}_conv${conv}`, 'Conv2D', config, [last]);
    }
    last = layers.add(`block${block}_pool`, 'MaxPooling2D', { pool_size: [2, 2], strides: [2, 2] }, [last]);
  }
  return layers.finish(last);
}
