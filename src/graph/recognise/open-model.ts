import type { FoundHead, NetworkFormat } from '../../domain/found-network.ts';
import { unsupported } from '../graph-error.ts';
import { field, requireRecord } from '../json-fields.ts';
import type { AnyModel, KerasContents, ModelContents, NamedBytes } from '../model-proposal.ts';
import { kerasTopology, readKeras } from '../read-keras.ts';
import { type ReadGraph, type ReadingFacts, readModel } from '../read-model.ts';
import { readSafetensors, recogniseSafetensors } from '../read-safetensors.ts';
import { isTeachableMachineTopology, readTeachableMachineHead } from '../read-teachable-machine.ts';
import { joinBuffers } from '../weights/join-buffers.ts';
import { readWeights } from '../weights/read-weights.ts';
import { findTfjsFiles, type TfjsFiles, withoutEnding } from './find-model-files.ts';
import { type FamilyGuess, guessFamily } from './guess-family.ts';
import { graphModelFacts, layersModelFacts } from './model-facts.ts';

/** A network whose format is known, not yet folded. */
export interface OpenedModel {
  readonly format: NetworkFormat;
  /** Name where the family gives none. */
  readonly title: string;
  readonly guess: FamilyGuess;
  /** px; null where the network takes any. */
  readonly fixedSide: number | null;
  /** @throws GraphError naming the node or tensor. */
  readonly read: (facts: ReadingFacts) => ReadGraph;
  /** The classifier on top; null where there is none to be had. */
  readonly readHead: (graph: ReadGraph) => FoundHead | null;
  readonly reference: AnyModel['reference'];
}

const TEACHABLE_MACHINE: FamilyGuess = {
  name: 'Teachable Machine',
  family: 'mobilenet-v2',
  pixels: 'teachable-machine',
  pixelsReason: 'Teachable Machine gives its networks x / 127 - 1.',
};

const noHead = () => null;

/** @throws GraphError when the contents are of no format Graft reads. */
export function openModel(contents: ModelContents): OpenedModel {
  if (contents.kind === 'keras') return openKeras(contents.name, contents.contents);
  const tensors = contents.files.filter(({ name }) => name.toLowerCase().endsWith('.safetensors'));
  const [only] = tensors;
  if (only === undefined) return openTfjs(findTfjsFiles(contents.files));
  if (tensors.length > 1) {
    throw unsupported(`There are ${tensors.length} .safetensors files; choose one that holds the whole network.`);
  }
  return openSafetensors(only);
}

function openTfjs(files: TfjsFiles): OpenedModel {
  const topology = requireRecord(field(files.model, 'modelTopology'), 'The topology of the model');
  const isGraph = field(topology, 'node') !== undefined;
  const facts = isGraph ? graphModelFacts(topology) : layersModelFacts(topology);
  const isMachine = files.metadata !== null && isTeachableMachineTopology(topology);
  const weightData = joinBuffers(files.shards);
  return {
    format: isMachine ? 'teachable-machine' : isGraph ? 'tfjs-graph' : 'tfjs-layers',
    title: files.title,
    guess: isMachine ? TEACHABLE_MACHINE : guessFamily(facts, isGraph),
    fixedSide: facts.fixedSide,
    read: (reading) => readModel(files.model, weightData, reading),
    readHead: isMachine ? (graph) => readHead(files, weightData, graph) : noHead,
    reference: { modelJson: files.model, weightData },
  };
}

function readHead({ model, metadata }: TfjsFiles, weightData: ArrayBuffer, graph: ReadGraph): FoundHead | null {
  if (metadata === null) return null;
  const topology = requireRecord(field(model, 'modelTopology'), 'The topology of the model');
  const weights = readWeights(field(model, 'weightsManifest'), weightData);
  return readTeachableMachineHead(topology, weights, metadata, graph.featureLength);
}

function openKeras(name: string, contents: KerasContents): OpenedModel {
  const topology = kerasTopology(contents);
  const facts = layersModelFacts(topology);
  return {
    format: 'keras-h5',
    title: withoutEnding(name),
    guess: guessFamily(facts, false),
    fixedSide: facts.fixedSide,
    read: (reading) => readKeras(contents, topology, reading),
    readHead: noHead,
    reference: null,
  };
}

function openSafetensors({ name, bytes }: NamedBytes): OpenedModel {
  const recognised = recogniseSafetensors(bytes);
  const { name: architecture, family } = recognised.architecture;
  const pixelsReason = `${architecture} of torchvision and of most of timm takes pixels less ImageNet's mean, over its deviation.`;
  return {
    format: 'safetensors',
    title: withoutEnding(name),
    guess: { name: architecture, family, pixels: 'imagenet', pixelsReason },
    fixedSide: null,
    read: (reading) => readSafetensors(recognised, reading),
    readHead: noHead,
    reference: null,
  };
}
