import type { JsonRecord } from '../json-fields.ts';
import type { KerasLayerWeights } from '../model-proposal.ts';
import type { LayerShapes } from './layer-shapes.ts';
import { recogniseMobileNetV1, recogniseMobileNetV2 } from './mobilenet-layers.ts';
import { recogniseResNet } from './resnet-layers.ts';
import { recogniseVgg } from './vgg-layers.ts';

const RECOGNISERS = [recogniseVgg, recogniseMobileNetV2, recogniseMobileNetV1, recogniseResNet] as const;

/**
 * The network a file of weights alone is for, where `keras.applications` has it and its layers' names say so.
 *
 * @returns `{ class_name, config }` of the model below its classifier, or null.
 */
export function recogniseApplication(layers: readonly KerasLayerWeights[]): JsonRecord | null {
  const shapes: LayerShapes = new Map(
    layers.map(({ layerName, weights }) => [layerName, weights.map(({ weight }) => weight.shape)]),
  );
  for (const recognise of RECOGNISERS) {
    const topology = recognise(shapes);
    if (topology !== null) return topology;
  }
  return null;
}
