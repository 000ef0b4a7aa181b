import type { AnyModel, ModelChoices, ModelContents, ModelProposal } from './model-proposal.ts';
import { parameterCountOf } from './parameter-count.ts';
import { openModel } from './recognise/open-model.ts';

/** Side proposed where a network takes any, px. */
const USUAL_SIDE = 224;

/**
 * Reads any network Graft can read, says what it seems to be and folds it.
 *
 * @param choices what the user set otherwise; the same contents and choices always give the same graph.
 * @throws GraphError 'backbone-unsupported' or 'backbone-corrupt', naming the node or tensor. Nothing else.
 */
export function readAnyModel(contents: ModelContents, choices: ModelChoices = {}): AnyModel {
  const { format, title, guess, fixedSide, read, readHead, reference } = openModel(contents);
  const facts = {
    inputSide: choices.inputSide ?? fixedSide ?? USUAL_SIDE,
    pixels: choices.pixels ?? guess.pixels,
    featureLayer: choices.featureLayer ?? null,
  };
  const graph = read(facts);
  const proposal: ModelProposal = {
    format,
    name: guess.name ?? title,
    family: guess.family,
    ...facts,
    inputSideFixed: fixedSide !== null,
    pixelsReason: choices.pixels === undefined ? guess.pixelsReason : 'Chosen by you.',
    featureChoices: graph.featureCandidates,
    head: readHead(graph),
    parameterCount: parameterCountOf(graph.nodes),
  };
  return { graph, proposal, reference };
}
