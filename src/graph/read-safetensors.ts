import { unsupported } from './graph-error.ts';
import { requireInteger } from './json-fields.ts';
import { MAX_SIDE, type ReadGraph, type ReadingFacts, readSourceGraph } from './read-model.ts';
import type { Architecture } from './safetensors/architecture.ts';
import { recogniseMobileNetV2, recogniseMobileNetV3 } from './safetensors/mobilenet.ts';
import { readTensors } from './safetensors/read-tensors.ts';
import { recogniseResNet } from './safetensors/resnet.ts';
import { TensorSource } from './safetensors/tensor-source.ts';
import { recogniseVgg } from './safetensors/vgg.ts';
import type { WeightTable } from './weights/read-weights.ts';

/** Tensors that are no network yet: a known way to connect them makes one. */
export interface RecognisedTensors {
  readonly architecture: Architecture;
  readonly tensors: WeightTable;
}

/** The more particular first: several families call their layers `features`. */
const RECOGNISERS = [recogniseMobileNetV3, recogniseMobileNetV2, recogniseResNet, recogniseVgg] as const;

/** How many tensors a refusal names. */
const NAMED = 3;

/**
 * Reads the tensors of a `.safetensors` file and says which network they are for, by their names.
 *
 * @throws GraphError when the file is damaged, or holds a network Graft does not know.
 */
export function recogniseSafetensors(bytes: ArrayBuffer): RecognisedTensors {
  const tensors = readTensors(bytes);
  for (const recognise of RECOGNISERS) {
    const architecture = recognise(tensors);
    if (architecture !== null) return { architecture, tensors };
  }
  const first = [...tensors.keys()].slice(0, NAMED).map((name) => `"${name}"`);
  const found = first.length === 0 ? 'It holds no weights.' : `It begins with ${first.join(', ')}.`;
  throw unsupported(
    `The file is of none of the networks Graft knows by their tensors (ResNet, VGG, MobileNet v2 and v3). ${found}`,
  );
}

/**
 * Connects, folds and cuts a recognised network.
 *
 * @throws GraphError naming the tensor that is missing, left over or of the wrong shape.
 */
export function readSafetensors({ architecture, tensors }: RecognisedTensors, facts: ReadingFacts): ReadGraph {
  const inputSide = requireInteger(facts.inputSide, 'The side of the input', 1, MAX_SIDE);
  const source = new TensorSource(tensors, architecture.name);
  const whole = architecture.build(source, inputSide);
  source.requireAllUsed(architecture.classifier);
  return readSourceGraph(whole, facts);
}
