import type { BackboneReport } from '../domain/backbone.ts';
import { classPartsOf } from '../domain/class-coverage.ts';
import { CodedError } from '../domain/coded-error.ts';
import type { Compression, MeasuredCompression } from '../domain/compression.ts';
import { isUncompressed } from '../domain/compression.ts';
import type { HeadWeights } from '../domain/head.ts';
import type { LayerInputs } from '../domain/layer-inputs.ts';
import { modelCard } from '../domain/model-card.ts';
import { type Preprocessing, preprocessingOf } from '../domain/preprocessing.ts';
import type { Predictions, Run } from '../domain/run.ts';
import { scoreCautions } from '../domain/score-cautions.ts';
import type { ZipInput } from '../files/zip-blobs.ts';
import { compressModel } from '../graph/compress-model.ts';
import type { FoldedGraph } from '../graph/folded-graph.ts';
import { splitAtStage, type UpperGraph } from '../graph/split-at-stage.ts';
import { writeLayersModel } from '../graph/write-layers-model.ts';
import { demoPage } from './demo-page.ts';
import { type LayersModelFiles, writeHeadModel } from './head-model.ts';
import { labelsText, modelFacts, teachableMachineMetadata } from './model-facts.ts';
import { type ParitySample, parityFiles } from './parity-files.ts';
import { readme } from './readme.ts';

/** What goes into a download. */
export interface ModelBundleInput {
  /** The backbone as plain data; null for the head alone. */
  readonly graph: FoldedGraph | null;
  /** The backbone with its tuned stages, which go with a head alone; null where none was tuned. */
  readonly tunedNetwork?: { readonly graph: FoldedGraph; readonly stageCount: number } | null;
  readonly head: HeadWeights;
  /** Of backbone and head; a head alone goes as it is. */
  readonly compression: Compression;
  /** See `compressModel`; null where that does not ask for it, or it is not known. */
  readonly layerInputs: LayerInputs | null;
  /** What the compression was measured to change; null when it was not measured. */
  readonly measured: MeasuredCompression | null;
  readonly run: Run;
  /** What the run's model said of every image; scores and counts are computed from it. */
  readonly predictions: Predictions;
  readonly project: { readonly name: string };
  /** Must be the backbone the run was trained on. */
  readonly backbone: BackboneReport;
  readonly samples: readonly ParitySample[];
  /** ISO 8601. */
  readonly createdAtIso: string;
  readonly versions: { readonly graft: string; readonly tfjs: string };
}

/**
 * The files of a downloaded model, ready for a zip. See README.txt of a download for what each is.
 *
 * @throws CodedError 'backbone-mismatch' when `backbone` or `graph` is not what the run was trained on, before the
 * first file; 'library-unreachable' when the demo page's library cannot be fetched.
 */
export async function* buildModelBundle(input: ModelBundleInput): AsyncGenerator<ZipInput> {
  const { graph, head, run, backbone, samples } = input;
  checkMatch(input);
  const labels = run.classes.map(({ name }) => name);
  const preprocessing = preprocessingOf(run.resizeMode, backbone.inputSide);
  const model = graph === null ? writeTop(upperOf(input), head) : writeWholeModel(graph, input);
  yield { path: 'model.json', content: JSON.stringify(model.modelJson) };
  yield { path: 'weights.bin', content: new Blob([model.weightData]), deflate: true };
  yield* describe(input, labels, preprocessing);
  yield* parityFiles(samples, labels, preprocessing);
  if (graph !== null) yield* page(input, labels, preprocessing, model);
}

function upperOf({ tunedNetwork = null }: ModelBundleInput): UpperGraph | null {
  return tunedNetwork === null ? null : splitAtStage(tunedNetwork.graph, tunedNetwork.stageCount).upper;
}

/** What was trained: the head, behind the tuned part of the backbone where there is one. */
function writeTop(upper: UpperGraph | null, head: HeadWeights): LayersModelFiles {
  if (upper === null) return writeHeadModel(head);
  return writeLayersModel({ nodes: upper.nodes, pixels: '[-1,1]' }, { head, pixelInput: 'graph' });
}

function writeWholeModel(graph: FoldedGraph, { head, compression, layerInputs }: ModelBundleInput): LayersModelFiles {
  const model = isUncompressed(compression)
    ? { graph, head }
    : compressModel({ graph, head }, compression, layerInputs);
  return writeLayersModel(model.graph, { head: model.head, pixelInput: 'teachable-machine' });
}

function page(
  input: ModelBundleInput,
  labels: readonly string[],
  preprocessing: Preprocessing,
  model: LayersModelFiles,
) {
  return demoPage({ modelName: input.project.name, labels, preprocessing, model, samples: input.samples });
}

function* describe(
  input: ModelBundleInput,
  labels: readonly string[],
  preprocessing: Preprocessing,
): Generator<ZipInput> {
  const { run, predictions, backbone, createdAtIso, project, versions } = input;
  const kind = input.graph === null ? 'head-only' : 'whole-model';
  const { compression, measured } = input;
  const facts = modelFacts({
    compression,
    measured,
    kind,
    run,
    predictions,
    backbone,
    preprocessing,
    graftVersion: versions.graft,
  });
  const metadata =
    kind === 'whole-model'
      ? teachableMachineMetadata({
          modelName: project.name,
          labels,
          side: preprocessing.side,
          createdAtIso,
          tfjsVersion: versions.tfjs,
          facts,
        })
      : { modelName: project.name, labels, timeStamp: createdAtIso, userMetadata: { graft: facts } };
  const card = {
    compression,
    measured,
    projectName: project.name,
    run,
    predictions,
    backbone,
    preprocessing,
    kind,
    createdAtIso,
  } as const;
  yield { path: 'metadata.json', content: `${JSON.stringify(metadata, null, 2)}\n` };
  yield { path: 'labels.txt', content: labelsText(labels) };
  yield { path: 'model-card.md', content: modelCard({ ...card, graftVersion: versions.graft }) };
  const cautions = scoreCautions({ ...run, classParts: classPartsOf(predictions) }, 'test');
  yield { path: 'README.txt', content: readme(kind, upperOf(input)?.cutNode ?? null, cautions) };
}

/** A head on another backbone would load and predict nonsense. */
function checkMatch({ graph, head, run, backbone }: ModelBundleInput): void {
  const featureLength = head.layers[0]?.inputLength;
  const lengths = [run.backbone.featureLength, backbone.featureLength, graph?.featureLength ?? featureLength];
  if (run.backbone.id === backbone.id && lengths.every((length) => length === featureLength)) return;
  throw new CodedError(
    'backbone-mismatch',
    `The run was trained on ${run.backbone.id} (${featureLength} features), not on ${backbone.id} (${backbone.featureLength}).`,
  );
}
