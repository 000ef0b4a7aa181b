import type { FoldedGraph } from './folded-graph.ts';
import { unsupported } from './graph-error.ts';
import { field, requireRecord } from './json-fields.ts';
import type { AnyModel, FoundHead, ModelChoices, ModelContents, ModelFormat } from './model-proposal.ts';
import { type ReadGraph, readModel } from './read-model.ts';
import { isTeachableMachineTopology, readTeachableMachineHead } from './read-teachable-machine.ts';
import { findTfjsFiles, type TfjsFiles } from './recognise/find-model-files.ts';
import { type FamilyGuess, guessFamily } from './recognise/guess-family.ts';
import { graphModelFacts, layersModelFacts } from './recognise/model-facts.ts';
import { readWeights } from './weights/read-weights.ts';

/** Side proposed where a network takes any, px. */
const USUAL_SIDE = 224;

const TEACHABLE_MACHINE: FamilyGuess = {
  name: 'Teachable Machine',
  family: 'mobilenet-v2',
  pixels: 'teachable-machine',
  pixelsReason: 'Teachable Machine gives its networks x / 127 - 1.',
};

/**
 * Reads any network Graft can read, says what it seems to be and folds it.
 *
 * @param choices what the user set otherwise; the same contents and choices always give the same graph.
 * @throws GraphError 'backbone-unsupported' or 'backbone-corrupt', naming the node or tensor. Nothing else.
 */
export function readAnyModel(contents: ModelContents, choices: ModelChoices = {}): AnyModel {
  if (contents.kind === 'keras') throw unsupported(`${contents.name}: Keras files cannot be read yet.`);
  return readTfjs(findTfjsFiles(contents.files), choices);
}

function readTfjs(files: TfjsFiles, choices: ModelChoices): AnyModel {
  const topology = requireRecord(field(files.model, 'modelTopology'), 'The topology of the model');
  const isGraph = field(topology, 'node') !== undefined;
  const facts = isGraph ? graphModelFacts(topology) : layersModelFacts(topology);
  const isMachine = files.metadata !== null && isTeachableMachineTopology(topology);
  const guess = isMachine ? TEACHABLE_MACHINE : guessFamily(facts, isGraph);
  const reading = {
    inputSide: choices.inputSide ?? facts.fixedSide ?? USUAL_SIDE,
    pixels: choices.pixels ?? guess.pixels,
    featureLayer: choices.featureLayer ?? null,
  };
  const weightData = join(files.shards);
  const graph = readModel(files.model, weightData, reading);
  const format: ModelFormat = isMachine ? 'teachable-machine' : isGraph ? 'tfjs-graph' : 'tfjs-layers';
  const pixelsReason = choices.pixels === undefined ? guess.pixelsReason : 'Chosen by you.';
  const proposal = {
    format,
    name: guess.name ?? files.title,
    family: guess.family,
    ...reading,
    inputSideFixed: facts.fixedSide !== null,
    pixelsReason,
    featureChoices: [],
    head: isMachine ? readHead(files, weightData, graph) : null,
    parameterCount: countParameters(graph),
  };
  return { graph, proposal, reference: { modelJson: files.model, weightData } };
}

function readHead({ model, metadata }: TfjsFiles, weightData: ArrayBuffer, graph: ReadGraph): FoundHead | null {
  if (metadata === null) return null;
  const topology = requireRecord(field(model, 'modelTopology'), 'The topology of the model');
  const weights = readWeights(field(model, 'weightsManifest'), weightData);
  return readTeachableMachineHead(topology, weights, metadata, graph.featureLength);
}

function countParameters(graph: FoldedGraph): number {
  let count = 0;
  for (const node of graph.nodes) {
    for (const value of Object.values(node)) {
      if (typeof value === 'object' && 'values' in value && value.values instanceof Float32Array) {
        count += value.values.length;
      }
    }
  }
  return count;
}

function join(parts: readonly ArrayBuffer[]): ArrayBuffer {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return joined.buffer;
}
