import * as v from 'valibot';
import { CodedError } from '../domain/coded-error.ts';
import type { DenseWeights, HeadWeights } from '../domain/head.ts';
import type { RunArtifacts } from '../domain/run.ts';
import type { TunedStages } from '../domain/tuned-stages.ts';
import { parseAs } from './checked.ts';
import { count, identity, part } from './fields.ts';
import { type Migration, migrate } from './migrate.ts';

const ARTIFACTS_MIGRATIONS: readonly Migration[] = [
  // 2: the head may be missing. All older results have one.
  (artifacts) => artifacts,
];

const ARTIFACTS_VERSION = ARTIFACTS_MIGRATIONS.length + 1;

const layerFields = {
  inputLength: v.pipe(count, v.minValue(1), v.maxValue(1_000_000)),
  outputLength: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
  activation: v.picklist(['relu', 'softmax', 'linear']),
};

const predictionFields = {
  imageIds: v.array(identity),
  parts: v.array(part),
  classIndices: v.array(count),
  classCount: v.pipe(count, v.minValue(1), v.maxValue(10_000)),
  groupIndices: v.exactOptional(v.array(count)),
};

const numbers = v.instance(Float32Array);

/** Nodes of the largest networks there are, with room to spare. */
const MAX_NODES = 10_000;

const tunedFields = { stageCount: v.pipe(count, v.minValue(1)), cutNode: identity };

const weightCount = v.pipe(count, v.maxValue(1_000_000_000));

const storedSchema = v.object({
  schemaVersion: v.literal(ARTIFACTS_VERSION),
  runId: identity,
  head: v.nullable(
    v.object({
      layers: v.pipe(
        v.array(v.object({ ...layerFields, kernel: numbers, bias: numbers })),
        v.minLength(1),
        v.maxLength(16),
      ),
    }),
  ),
  // Older runs tuned no stage.
  tuned: v.optional(
    v.nullable(
      v.object({
        ...tunedFields,
        weights: v.pipe(
          v.array(v.object({ nodeName: identity, kernel: numbers, bias: numbers })),
          v.maxLength(MAX_NODES),
        ),
      }),
    ),
    null,
  ),
  predictions: v.object({ ...predictionFields, probabilities: numbers }),
});

const packedSchema = v.object({
  schemaVersion: v.literal(ARTIFACTS_VERSION),
  runId: identity,
  layers: v.nullable(v.pipe(v.array(v.object(layerFields)), v.minLength(1), v.maxLength(16))),
  tuned: v.optional(
    v.nullable(
      v.object({
        ...tunedFields,
        weights: v.pipe(
          v.array(v.object({ nodeName: identity, kernelLength: weightCount, biasLength: weightCount })),
          v.maxLength(MAX_NODES),
        ),
      }),
    ),
    null,
  ),
  predictions: v.object(predictionFields),
});

/** Artifacts as storage keeps them: typed arrays inside. */
export type ArtifactsDocument = RunArtifacts & { readonly schemaVersion: number };

/** Artifacts as a project file keeps them: a description and one block of little-endian float32. */
export interface PackedArtifacts {
  readonly description: v.InferInput<typeof packedSchema>;
  /** Kernel and bias of every layer in order, the probabilities, then kernel and bias of every tuned node. */
  readonly numbers: Uint8Array<ArrayBuffer>;
}

export function artifactsDocument(artifacts: RunArtifacts): ArtifactsDocument {
  return { ...artifacts, schemaVersion: ARTIFACTS_VERSION };
}

/** @throws CodedError 'file-unreadable' */
export function readArtifacts(raw: unknown): RunArtifacts {
  const document = migrate(raw, ARTIFACTS_MIGRATIONS, 'run results');
  const { schemaVersion: _, ...artifacts } = parseAs(storedSchema, document, 'run results');
  checkLengths(artifacts);
  return artifacts;
}

export function packArtifacts({ runId, head, tuned, predictions }: RunArtifacts): PackedArtifacts {
  const { probabilities, ...rest } = predictions;
  const blocks = [...(head?.layers ?? []).flatMap(({ kernel, bias }) => [kernel, bias]), probabilities];
  for (const { kernel, bias } of tuned?.weights ?? []) blocks.push(kernel, bias);
  const layers =
    head?.layers.map(({ inputLength, outputLength, activation }) => ({ inputLength, outputLength, activation })) ??
    null;
  const { imageIds, parts, classIndices, classCount, groupIndices } = rest;
  return {
    description: {
      schemaVersion: ARTIFACTS_VERSION,
      runId,
      layers,
      tuned: tuned === null ? null : describeTuned(tuned),
      predictions: {
        imageIds: [...imageIds],
        parts: [...parts],
        classIndices: [...classIndices],
        classCount,
        ...(groupIndices === undefined ? {} : { groupIndices: [...groupIndices] }),
      },
    },
    numbers: writeFloats(blocks),
  };
}

/** @throws CodedError 'file-unreadable' when description and numbers do not fit together. */
export function unpackArtifacts(raw: unknown, bytes: Uint8Array): RunArtifacts {
  const document = migrate(raw, ARTIFACTS_MIGRATIONS, 'run results');
  const { runId, layers, tuned: described, predictions } = parseAs(packedSchema, document, 'run results');
  const next = floatReader(bytes);
  const readLayer = (layer: Omit<DenseWeights, 'kernel' | 'bias'>) => ({
    ...layer,
    kernel: next(layer.inputLength * layer.outputLength),
    bias: next(layer.outputLength),
  });
  const head = layers === null ? null : { layers: layers.map(readLayer) };
  const probabilities = next(predictions.imageIds.length * predictions.classCount);
  const tuned =
    described === null
      ? null
      : {
          ...described,
          weights: described.weights.map(({ nodeName, kernelLength, biasLength }) => ({
            nodeName,
            kernel: next(kernelLength),
            bias: next(biasLength),
          })),
        };
  const artifacts = { runId, head, tuned, predictions: { ...predictions, probabilities } };
  checkLengths(artifacts);
  return artifacts;
}

function describeTuned({ stageCount, cutNode, weights }: TunedStages) {
  const lengths = weights.map(({ nodeName, kernel, bias }) => ({
    nodeName,
    kernelLength: kernel.length,
    biasLength: bias.length,
  }));
  return { stageCount, cutNode, weights: lengths };
}

function checkLengths({ head, predictions }: RunArtifacts): void {
  const { imageIds, parts, classIndices, classCount, probabilities, groupIndices } = predictions;
  const rows = imageIds.length;
  const grouped = groupIndices === undefined || groupIndices.length === rows;
  const filled =
    grouped && parts.length === rows && classIndices.length === rows && probabilities.length === rows * classCount;
  const classed = classIndices.every((classIndex) => classIndex < classCount);
  if (!filled || !classed || (head !== null && !isChained(head, classCount))) {
    throw new CodedError('file-unreadable', 'run results: lengths do not fit together');
  }
}

function isChained({ layers }: HeadWeights, classCount: number): boolean {
  const chained = layers.every((layer, index) => fits(layer, layers[index + 1]));
  return chained && layers.at(-1)?.outputLength === classCount;
}

function fits(layer: DenseWeights, following: DenseWeights | undefined): boolean {
  const { kernel, bias, inputLength, outputLength } = layer;
  const complete = kernel.length === inputLength * outputLength && bias.length === outputLength;
  return complete && (following === undefined || following.inputLength === outputLength);
}

function writeFloats(blocks: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * blocks.reduce((sum, block) => sum + block.length, 0)));
  let offset = 0;
  for (const block of blocks) {
    for (const value of block) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return new Uint8Array(view.buffer);
}

function floatReader(bytes: Uint8Array): (length: number) => Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  return (length) => {
    // Checked before allocating: a hostile description may ask for terabytes.
    if (offset + 4 * length > bytes.byteLength) {
      throw new CodedError('file-unreadable', 'run results: fewer numbers than described');
    }
    const values = new Float32Array(length);
    for (let index = 0; index < length; index += 1) values[index] = view.getFloat32(offset + 4 * index, true);
    offset += 4 * length;
    return values;
  };
}
