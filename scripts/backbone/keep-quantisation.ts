import { createHash } from 'node:crypto';
import { readWeights } from '../../src/graph/weights/read-weights.ts';
import type { WrittenModel } from '../../src/graph/write-layers-model.ts';
import type { PackagedModel, PackagedTensor } from './nsfwjs-model.ts';

interface Stored {
  readonly quantization: NonNullable<PackagedTensor['quantization']>;
  readonly bytes: Uint8Array;
}

const BYTES_PER_VALUE = { uint8: 1, uint16: 2 } as const;

/**
 * Writes every tensor that came unchanged out of the original in the original's own quantised bytes,
 * so that the file stays small and its values stay the same to the last bit. Others stay float32.
 */
export function keepQuantisation(written: WrittenModel, original: PackagedModel) {
  const stored = storedByValues(original);
  const [group] = written.modelJson.weightsManifest;
  const parts: Uint8Array[] = [];
  let offset = 0;
  const weights = group.weights.map((tensor) => {
    const size = tensor.shape.reduce((product, length) => product * length, 4);
    const values = new Uint8Array(written.weightData, offset, size);
    offset += size;
    const found = stored.get(digest(values));
    parts.push(found?.bytes ?? values);
    return found === undefined ? tensor : { ...tensor, quantization: found.quantization };
  });
  const modelJson = { ...written.modelJson, weightsManifest: [{ paths: group.paths, weights }] };
  return { modelJson, weightData: new Uint8Array(Buffer.concat(parts)).buffer };
}

/** The original's quantised tensors, found by the float32 values they stand for. */
function storedByValues({ modelJson, weightData }: PackagedModel): Map<string, Stored> {
  const values = readWeights(modelJson.weightsManifest, weightData);
  const stored = new Map<string, Stored>();
  let offset = 0;
  for (const tensor of modelJson.weightsManifest.flatMap((group) => group.weights)) {
    const { quantization } = tensor;
    const count = tensor.shape.reduce((product, length) => product * length, 1);
    const size = count * (quantization === undefined ? 4 : BYTES_PER_VALUE[quantization.dtype]);
    const decoded = values.get(tensor.name)?.values;
    if (quantization !== undefined && decoded !== undefined) {
      stored.set(digest(new Uint8Array(decoded.buffer)), {
        quantization,
        bytes: new Uint8Array(weightData, offset, size),
      });
    }
    offset += size;
  }
  return stored;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
