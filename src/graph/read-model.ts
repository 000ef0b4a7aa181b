import type { BackboneManifest } from '../domain/backbone.ts';
import type { CutPoint } from '../domain/found-network.ts';
import { featureCandidates } from './feature-candidates.ts';
import { finishGraph } from './fold/finish-graph.ts';
import { foldNetwork, keepUnfolded } from './fold/fold-network.ts';
import type { FoldedGraph } from './folded-graph.ts';
import { unsupported } from './graph-error.ts';
import { field, type JsonRecord, requireInteger, requireRecord } from './json-fields.ts';
import { buildNetwork } from './source/build-network.ts';
import { readGraphModel } from './source/read-graph-model.ts';
import { readLayersModel } from './source/read-layers-model.ts';
import type { SourceGraph } from './source/source-graph.ts';
import { readWeights } from './weights/read-weights.ts';

/** The facts a reader needs to know beforehand. */
export type ReadingFacts = Pick<BackboneManifest, 'inputSide' | 'pixels' | 'featureLayer'>;

/** A folded graph, and where in the original its feature was taken. */
export interface ReadGraph extends FoldedGraph {
  /**
   * The original's layer or node whose value, averaged over space, is the feature; names of nested models in front.
   * It is `featureLayer` where that is given, and the last node before the classification top where it is null.
   */
  readonly featureSource: string;
  /** Where else the original could be cut, deepest first; `featureSource` is among them where it was found by itself. */
  readonly featureCandidates: readonly CutPoint[];
  /** The same network and feature with every batch norm, activation and padding a step of its own; made when asked for. */
  readonly unfolded: () => FoldedGraph;
}

/** Largest side of an input image, px. */
export const MAX_SIDE = 2048;

/**
 * Reads a tfjs layers model or graph model, folds it and cuts it at its feature layer.
 *
 * @param modelJson the parsed `model.json`; nothing about it is trusted.
 * @param weightData the binaries in manifest order, joined or in parts. Borrowed: the result holds copies.
 * @throws GraphError 'backbone-unsupported' or 'backbone-corrupt', naming the node or tensor. Nothing else.
 */
export function readModel(
  modelJson: unknown,
  weightData: ArrayBuffer | readonly ArrayBuffer[],
  facts: ReadingFacts,
): ReadGraph {
  const model = requireRecord(modelJson, 'The model');
  const inputSide = requireInteger(facts.inputSide, 'The side of the input', 1, MAX_SIDE);
  return readSourceGraph(readSource(model, weightData, inputSide), { ...facts, inputSide });
}

/**
 * Folds a network and cuts it at its feature layer, whatever format it was read from.
 *
 * @throws GraphError as `readModel` does.
 */
export function readSourceGraph(source: SourceGraph, facts: ReadingFacts): ReadGraph {
  const network = buildNetwork(source, facts.featureLayer);
  const featureSource = network.outputId;
  const pixels = foldNetwork(network, facts.pixels);
  const graph = finishGraph(network, facts.inputSide, pixels);
  const unfolded = () => unfoldedGraph(source, facts);
  return { ...graph, featureSource, featureCandidates: featureCandidates(source), unfolded };
}

function unfoldedGraph(source: SourceGraph, facts: ReadingFacts): FoldedGraph {
  const network = buildNetwork(source, facts.featureLayer);
  keepUnfolded(network);
  return finishGraph(network, facts.inputSide, facts.pixels);
}

function readSource(
  model: JsonRecord,
  weightData: ArrayBuffer | readonly ArrayBuffer[],
  inputSide: number,
): SourceGraph {
  const topology = requireRecord(field(model, 'modelTopology'), 'The topology of the model');
  const weights = readWeights(field(model, 'weightsManifest'), weightData);
  if (field(topology, 'node') !== undefined) return readGraphModel(model, topology, weights, inputSide);
  if (field(topology, 'model_config') === undefined && field(topology, 'class_name') === undefined) {
    throw unsupported('The file is neither a tfjs layers model nor a tfjs graph model.');
  }
  return readLayersModel(topology, weights, inputSide);
}
