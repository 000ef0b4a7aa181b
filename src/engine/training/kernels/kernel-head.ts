import { beat } from '../../../domain/beat.ts';
import type { DropoutDraw } from '../dropout.ts';
import type { Features } from '../features.ts';
import type { HeadShape } from '../head-shape.ts';
import type { Mixup } from '../mixup.ts';
import type { OptimizerRates } from '../optimizer-rates.ts';
import { copyRows } from '../row-source.ts';
import { BLOCK_ROWS, bindHeadKernels, PANEL_COLUMNS } from './head-kernels.ts';
import { type HeadMemory, kernelPosition, type LayerPlace, type MatrixPlace } from './head-memory.ts';

/** A head in the memory of the kernels, one batch at a time. */
export interface KernelHead {
  /** Takes rows of the features as the batch. @param dropout of [rowIndices.length * featureLength] values, after mixup. */
  load(features: Features, rowIndices: Int32Array, mixup: Mixup | null, dropout: DropoutDraw | null): void;
  /** Class scores of the batch before the softmax. @param dropouts by hidden layer, of [rowCount * its units] values. */
  forward(rowCount: number, dropouts: readonly (DropoutDraw | null)[]): void;
  /** From the slopes of the scores, which the caller has put in their place, to the gradients of all weights. */
  backward(rowCount: number): void;
  /** One step of the optimiser. @param l2 the penalty is l2 times the sum of squared kernel weights, as in Keras. */
  update(rates: OptimizerRates, l2: number): void;
}

const NO_DROPOUT: DropoutDraw = { bytes: new Uint8Array(), threshold: 0, keptFactor: 1 };

const bytes = (position: number) => position * Float32Array.BYTES_PER_ELEMENT;

export function createKernelHead(
  module: WebAssembly.Module,
  place: HeadMemory,
  { hiddenUnits }: HeadShape,
): KernelHead {
  const { numbers, layers, blocks, input, draws, outputs, slopes, turned } = place;
  const kernels = bindHeadKernels(module, place.memory);
  const inputOf = (layer: number) => (layer === 0 ? input : placeOf(outputs, layer - 1));

  const product = (rows: MatrixPlace, layer: LayerPlace, out: MatrixPlace, rowCount: number): void => {
    for (let column = 0; column < layer.columns; column += PANEL_COLUMNS) {
      const panel = bytes(layer.kernel + column * layer.depth);
      const bias = bytes(layer.bias + column);
      for (let row = 0; row < rowCount; row += BLOCK_ROWS) {
        const from = bytes(rows.start + row * rows.stride);
        const to = bytes(out.start + row * out.stride + column);
        kernels.productBlock(from, bytes(rows.stride), layer.depth, panel, bias, to, bytes(out.stride));
      }
    }
  };

  const gradients = (rows: MatrixPlace, layer: LayerPlace, slope: MatrixPlace, rowCount: number): void => {
    for (let column = 0; column < layer.columns; column += PANEL_COLUMNS) {
      kernels.gradientPanel(
        bytes(rows.start),
        bytes(rows.stride),
        bytes(slope.start + column),
        bytes(slope.stride),
        rowCount,
        layer.depth / BLOCK_ROWS,
        bytes(blocks.gradients + layer.kernel + column * layer.depth),
      );
    }
    sumRows(numbers, slope, layer.columns, rowCount, blocks.gradients + layer.bias);
  };

  return {
    load: (features, rowIndices, mixup, dropout) => {
      beat();
      copyRows(features, rowIndices, numbers.subarray(input.start), input.stride);
      if (mixup !== null) blendRows(numbers, input, features, mixup);
      if (dropout === null) return;
      const { featureLength } = features;
      new Uint8Array(place.memory.buffer).set(dropout.bytes, bytes(draws));
      for (let row = 0; row < rowIndices.length; row++) {
        const values = bytes(input.start + row * input.stride);
        const vectorCount = Math.ceil(featureLength / 4);
        kernels.drop(values, bytes(draws) + row * featureLength, vectorCount, dropout.threshold, dropout.keptFactor);
      }
    },
    forward: (rowCount, dropouts) => {
      layers.forEach((layer, index) => {
        const out = placeOf(outputs, index);
        product(inputOf(index), layer, out, rowCount);
        const units = hiddenUnits[index];
        if (units === undefined) return;
        // The slope's place is free until `backward`; it keeps what each hidden value is to be multiplied with there.
        activate(numbers, out, placeOf(slopes, index), units, rowCount, dropouts[index] ?? null);
      });
    },
    backward: (rowCount) => {
      for (let index = layers.length - 1; index > 0; index--) {
        const [layer, around] = [placeOf(layers, index), placeOf(turned, index)];
        gradients(inputOf(index), layer, placeOf(slopes, index), rowCount);
        turnKernel(numbers, layer, around);
        // The gates move out of the way, to the place of the hidden values, which are not needed any more.
        const [gates, hiddenSlopes] = [placeOf(outputs, index - 1), placeOf(slopes, index - 1)];
        const length = rowCount * gates.stride;
        numbers.copyWithin(gates.start, hiddenSlopes.start, hiddenSlopes.start + length);
        product(placeOf(slopes, index), around, hiddenSlopes, rowCount);
        multiplyInPlace(numbers, hiddenSlopes.start, gates.start, length);
      }
      gradients(input, placeOf(layers, 0), placeOf(slopes, 0), rowCount);
    },
    update: ({ rate, epsilon }, l2) => {
      const run = (start: number, count: number, decay: number) => {
        const [weights, first, second, gradient] = [blocks.weights, blocks.first, blocks.second, blocks.gradients].map(
          (block) => bytes(block + start),
        );
        kernels.update(weights ?? 0, first ?? 0, second ?? 0, gradient ?? 0, count / 4, decay, rate, epsilon);
      };
      for (const { kernel, bias, depth, columns } of layers) {
        run(kernel, depth * columns, 2 * l2);
        run(bias, columns, 0);
      }
    },
  };
}

function placeOf<T>(places: readonly T[], layer: number): T {
  const found = places[layer];
  if (found === undefined) throw new Error(`the head has no layer ${layer}`);
  return found;
}

function blendRows(numbers: Float32Array, rows: MatrixPlace, features: Features, { shares, partnerRows }: Mixup): void {
  const { featureLength } = features;
  const partners = new Float32Array(partnerRows.length * featureLength);
  copyRows(features, partnerRows, partners, featureLength);
  shares.forEach((share, row) => {
    const to = rows.start + row * rows.stride;
    const from = row * featureLength;
    for (let index = 0; index < featureLength; index++) {
      numbers[to + index] = share * (numbers[to + index] ?? 0) + (1 - share) * (partners[from + index] ?? 0);
    }
  });
}

/** Relu and dropout in place; `gates` gets the factor of every value, 0 where it is not above zero. */
function activate(
  numbers: Float32Array,
  values: MatrixPlace,
  gates: MatrixPlace,
  hiddenUnits: number,
  rowCount: number,
  dropout: DropoutDraw | null,
): void {
  const { bytes: drawn, threshold, keptFactor } = dropout ?? NO_DROPOUT;
  for (let row = 0; row < rowCount; row++) {
    for (let unit = 0; unit < hiddenUnits; unit++) {
      const value = numbers[values.start + row * values.stride + unit] ?? 0;
      const isKept = value > 0 && (drawn[row * hiddenUnits + unit] ?? 0) >= threshold;
      const gate = isKept ? keptFactor : 0;
      numbers[gates.start + row * gates.stride + unit] = gate;
      numbers[values.start + row * values.stride + unit] = isKept ? value * gate : 0;
    }
  }
}

function sumRows(numbers: Float32Array, rows: MatrixPlace, columns: number, rowCount: number, to: number): void {
  numbers.fill(0, to, to + columns);
  for (let row = 0; row < rowCount; row++) {
    const start = rows.start + row * rows.stride;
    for (let column = 0; column < columns; column++) {
      numbers[to + column] = (numbers[to + column] ?? 0) + (numbers[start + column] ?? 0);
    }
  }
}

function turnKernel(numbers: Float32Array, layer: LayerPlace, turned: LayerPlace): void {
  for (let input = 0; input < layer.depth; input++) {
    for (let output = 0; output < layer.columns; output++) {
      numbers[kernelPosition(turned, output, input)] = numbers[kernelPosition(layer, input, output)] ?? 0;
    }
  }
}

function multiplyInPlace(numbers: Float32Array, target: number, factors: number, length: number): void {
  for (let index = 0; index < length; index++) {
    numbers[target + index] = (numbers[target + index] ?? 0) * (numbers[factors + index] ?? 0);
  }
}
