import { beat } from '../../domain/beat.ts';
import type { Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import type { WeightTable } from '../weights/read-weights.ts';

/** How many tensors a refusal names. */
const NAMED = 3;

/** Hands out tensors by name and remembers which ones were asked for, so that what is left over can be refused. */
export class TensorSource {
  private readonly used = new Set<string>();

  /** @param architecture as it is called in a refusal: "ResNet-18". */
  constructor(
    private readonly tensors: WeightTable,
    private readonly architecture: string,
  ) {}

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /**
   * @param rank wanted number of dimensions.
   * @throws GraphError 'backbone-corrupt' when the tensor is missing or has another rank.
   */
  take(name: string, rank: number): Weight {
    const weight = this.tensors.get(name);
    if (weight === undefined)
      throw corrupt(`This looks like ${this.architecture}, but the tensor "${name}" is missing.`);
    if (weight.shape.length !== rank || weight.shape.includes(0)) {
      throw corrupt(`The tensor "${name}" has the shape ${shapeText(weight)}; ${rank} dimensions were expected.`);
    }
    this.used.add(name);
    return weight;
  }

  /** @throws GraphError 'backbone-unsupported' naming tensors nobody took, those of the classifier aside. */
  requireAllUsed(classifier: RegExp): void {
    const left = [...this.tensors.keys()].filter((name) => !this.used.has(name) && !classifier.test(name));
    if (left.length === 0) return;
    const named = left
      .slice(0, NAMED)
      .map((name) => `"${name}"`)
      .join(', ');
    const rest = left.length > NAMED ? ` and ${left.length - NAMED} more` : '';
    throw unsupported(`This looks like ${this.architecture}, but such a network has no ${named}${rest}.`);
  }
}

/** "64 x 3 x 7 x 7". */
function shapeText({ shape }: Weight): string {
  return shape.length === 0 ? 'of a single number' : shape.join(' x ');
}

/** A convolution's kernel from PyTorch's [out, in, height, width] to [height, width, in, out]. */
export function toChannelsLast({ shape, values }: Weight): Weight {
  beat();
  const [outCount = 0, inCount = 0, height = 0, width = 0] = shape;
  const moved = new Float32Array(values.length);
  const places = height * width;
  for (let out = 0; out < outCount; out += 1) {
    for (let channel = 0; channel < inCount; channel += 1) {
      const from = (out * inCount + channel) * places;
      for (let place = 0; place < places; place += 1) {
        moved[(place * inCount + channel) * outCount + out] = values[from + place] ?? 0;
      }
    }
  }
  return { shape: [height, width, inCount, outCount], values: moved };
}
