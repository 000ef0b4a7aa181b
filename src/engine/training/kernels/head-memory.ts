import type { DenseWeights, HeadWeights } from '../../../domain/head.ts';
import { activationOf, type HeadShape, layerSizes } from '../head-shape.ts';
import { BLOCK_ROWS, PANEL_COLUMNS } from './head-kernels.ts';

/**
 * Where one dense layer lies among the weights. All positions and lengths here are in float32, not in bytes. Sizes are
 * padded for the kernels; what is padded is zero and, having no gradient, stays so.
 */
export interface LayerPlace {
  /** Inputs, padded. */
  readonly depth: number;
  /** Outputs, padded. */
  readonly columns: number;
  /** Panels [columns / 8] of [depth, 8]. */
  readonly kernel: number;
  /** [columns] */
  readonly bias: number;
}

/** A matrix: `stride` from row to row. */
export interface MatrixPlace {
  readonly start: number;
  readonly stride: number;
}

/** One memory for everything a run of the kernels touches. */
export interface HeadMemory {
  readonly memory: WebAssembly.Memory;
  /** The whole memory. */
  readonly numbers: Float32Array;
  /** First to last. */
  readonly layers: readonly LayerPlace[];
  /** Starts of four blocks that are laid out alike. */
  readonly blocks: { readonly weights: 0; readonly first: number; readonly second: number; readonly gradients: number };
  /** Length of each of the four. */
  readonly weightCount: number;
  /** Feature rows of a batch. */
  readonly input: MatrixPlace;
  /** A byte for every feature of a batch, for dropout; four to a number. */
  readonly draws: number;
  /** By layer: what it gives for the batch, and the slope of the loss there. */
  readonly outputs: readonly MatrixPlace[];
  readonly slopes: readonly MatrixPlace[];
  /**
   * By layer, from the second on, its kernel with inputs and outputs exchanged, without a bias of its own: the zeros at
   * `bias` serve. The first is a place without a length: nothing goes back beyond it.
   */
  readonly turned: readonly LayerPlace[];
}

const padded = (length: number, multiple: number) => Math.ceil(length / multiple) * multiple;

/** Rows this far apart do not compete for the same lines of the processor's cache, as powers of two would. */
const ROW_GAP = 16;
const PAGE_NUMBERS = 65_536 / Float32Array.BYTES_PER_ELEMENT;

/** @param rowCapacity rows of the largest batch. */
export function allocateHeadMemory(shape: HeadShape, rowCapacity: number): HeadMemory {
  const { featureLength } = shape;
  let length = 0;
  const take = (count: number): number => {
    const start = length;
    length += padded(count, 4);
    return start;
  };
  const takeLayer = (depth: number, outputLength: number): LayerPlace => {
    const columns = padded(outputLength, PANEL_COLUMNS);
    return { depth, columns, kernel: take(depth * columns), bias: take(columns) };
  };
  const rowCount = padded(rowCapacity, BLOCK_ROWS);
  const takeRows = (stride: number): MatrixPlace => ({ start: take(rowCount * stride), stride });

  const sizes = layerSizes(shape);
  const layers = sizes.map(([inputLength, outputLength], layer) =>
    takeLayer(padded(inputLength, layer === 0 ? BLOCK_ROWS : PANEL_COLUMNS), outputLength),
  );
  const weightCount = length;
  const blocks = {
    weights: 0,
    first: take(weightCount),
    second: take(weightCount),
    gradients: take(weightCount),
  } as const;
  const input = takeRows((layers[0]?.depth ?? 0) + ROW_GAP);
  const draws = take((rowCount * featureLength) / 4 + 1);
  const outputs = layers.map(({ columns }) => takeRows(columns));
  const slopes = layers.map(({ columns }) => takeRows(columns));
  const turned = sizes.map(([inputLength, outputLength], layer) =>
    layer === 0 ? takeLayer(0, 0) : takeLayer(padded(outputLength, PANEL_COLUMNS), inputLength),
  );
  const memory = new WebAssembly.Memory({ initial: Math.ceil(length / PAGE_NUMBERS) });
  const numbers = new Float32Array(memory.buffer);
  return { memory, numbers, layers, blocks, weightCount, input, draws, outputs, slopes, turned };
}

/** Position of a kernel's number in its panels. */
export function kernelPosition({ kernel, depth }: LayerPlace, input: number, output: number): number {
  const panel = Math.floor(output / PANEL_COLUMNS);
  return kernel + (panel * depth + input) * PANEL_COLUMNS + (output % PANEL_COLUMNS);
}

export function writeHead({ numbers, layers }: HeadMemory, head: HeadWeights): void {
  head.layers.forEach(({ kernel, bias, inputLength, outputLength }, index) => {
    const place = layers[index];
    if (place === undefined) throw new Error('the head has more layers than there is room for');
    for (let input = 0; input < inputLength; input++) {
      for (let output = 0; output < outputLength; output++) {
        numbers[kernelPosition(place, input, output)] = kernel[input * outputLength + output] ?? 0;
      }
    }
    numbers.set(bias, place.bias);
  });
}

/** @param weights what lay in the block `weights`, float32 [weightCount]. */
export function readHead({ layers }: HeadMemory, weights: Float32Array, shape: HeadShape): HeadWeights {
  const sizes = layerSizes(shape);
  return {
    layers: layers.map((place, index): DenseWeights => {
      const [inputLength = 0, outputLength = 0] = sizes[index] ?? [];
      const kernel = new Float32Array(inputLength * outputLength);
      for (let input = 0; input < inputLength; input++) {
        for (let output = 0; output < outputLength; output++) {
          kernel[input * outputLength + output] = weights[kernelPosition(place, input, output)] ?? 0;
        }
      }
      const bias = weights.slice(place.bias, place.bias + outputLength);
      return { kernel, bias, inputLength, outputLength, activation: activationOf(index, shape) };
    }),
  };
}
