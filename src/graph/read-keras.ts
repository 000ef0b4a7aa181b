import { unsupported } from './graph-error.ts';
import { type JsonRecord, requireInteger, requireRecord } from './json-fields.ts';
import { recogniseApplication } from './keras/applications.ts';
import { kerasWeightTable } from './keras/layer-weights.ts';
import type { KerasContents } from './model-proposal.ts';
import { MAX_SIDE, type ReadGraph, type ReadingFacts, readSourceGraph } from './read-model.ts';
import { readLayersModel } from './source/read-layers-model.ts';

/**
 * The description of the network in a Keras file: its own, or that of the application its weights are named after.
 *
 * @returns `{ class_name, config, keras_version }`.
 * @throws GraphError 'backbone-unsupported' when the file holds only weights of a network Graft does not know.
 */
export function kerasTopology({ modelConfig, kerasVersion, layers }: KerasContents): JsonRecord {
  if (modelConfig !== null) {
    return { keras_version: kerasVersion, ...requireRecord(modelConfig, 'The description of the network') };
  }
  const known = recogniseApplication(layers);
  if (known !== null) return known;
  const first = layers.find(({ weights }) => weights.length > 0)?.layerName;
  const found = first === undefined ? 'It holds no weights.' : `Its first layer is "${first}".`;
  throw unsupported(
    `The file holds only weights, and not of a network Graft knows by its layers' names (VGG, MobileNet v1 and v2, ResNet). ${found} Save the whole model instead.`,
  );
}

/**
 * Folds and cuts a network from a Keras `.h5`.
 *
 * @param topology what `kerasTopology` gave.
 * @throws GraphError naming the layer or weight.
 */
export function readKeras({ layers }: KerasContents, topology: JsonRecord, facts: ReadingFacts): ReadGraph {
  const inputSide = requireInteger(facts.inputSide, 'The side of the input', 1, MAX_SIDE);
  const source = readLayersModel(topology, kerasWeightTable(layers, topology), inputSide);
  return readSourceGraph(source, facts);
}
