import type { OptimizerName } from '../../../domain/settings.ts';
import { FIRST_DECAY, MOMENTUM, RMS_DECAY, SECOND_DECAY } from '../optimizer-rates.ts';
import {
  add,
  advance,
  assembleModule,
  assign,
  constant,
  countDown,
  divide,
  type FunctionCode,
  get,
  int,
  load,
  loadBytes,
  loadSpread,
  multiply,
  root,
  spread,
  spreadInt,
  store,
  subtract,
  TYPE,
  VECTOR_BYTES,
  whereAtLeast,
} from './assembler.ts';

/** Columns computed together: two vectors. Kernels are stored as panels of so many columns, each [depth, 8] row major. */
export const PANEL_COLUMNS = 8;
/** Rows computed together: with two vectors each, as many running sums as the processor has room for. */
export const BLOCK_ROWS = 4;

const PANEL_BYTES = PANEL_COLUMNS * Float32Array.BYTES_PER_ELEMENT;

/** All addresses and strides are in bytes. */
interface HeadKernels {
  /**
   * A block of a product: 4 rows times one panel, plus bias.
   * @param rows first of 4 rows, `rowStride` apart, of `depth` float32 each.
   * @param panel float32 [depth, 8].
   * @param bias float32 [8].
   * @param out first of 4 rows, `outStride` apart, of 8 float32 each.
   */
  productBlock(
    rows: number,
    rowStride: number,
    depth: number,
    panel: number,
    bias: number,
    out: number,
    outStride: number,
  ): void;
  /**
   * Gradient of one panel: rows transposed, times 8 columns of slopes.
   * @param rows `rowCount` rows, `rowStride` apart, of 4 x `blockCount` float32 each.
   * @param slopes as many rows, `slopeStride` apart, of 8 float32 each.
   * @param out float32 [4 x blockCount, 8].
   */
  gradientPanel(
    rows: number,
    rowStride: number,
    slopes: number,
    slopeStride: number,
    rowCount: number,
    blockCount: number,
    out: number,
  ): void;
  /**
   * Dropout in place: a value whose byte is below `threshold` becomes 0, the others are multiplied by `keptFactor`.
   * @param bytes one for each of the 4 x `vectorCount` values.
   */
  drop(values: number, bytes: number, vectorCount: number, threshold: number, keptFactor: number): void;
  /**
   * One step of the optimiser on 4 x `vectorCount` numbers, in place; see `optimizerRates` for `rate` and `epsilon`.
   * @param first the running sums of every optimiser, `second` those only Adam has; the others leave it alone.
   * @param decay what L2 adds to the gradient per unit of weight.
   */
  update(
    weights: number,
    first: number,
    second: number,
    gradients: number,
    vectorCount: number,
    decay: number,
    rate: number,
    epsilon: number,
  ): void;
}

const { i32, f32, v128 } = TYPE;
const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
const v128s = (length: number) => range(length).map(() => v128);

function productBlock(): FunctionCode {
  const [rows, rowStride, depth, panel, bias, out, outStride] = [0, 1, 2, 3, 4, 5, 6];
  const pointers = [7, 8, 9, 10];
  const [factor, left, right] = [11, 12, 13];
  const sums = range(BLOCK_ROWS).map((row) => [14 + 2 * row, 15 + 2 * row] as const);
  const addProduct = (value: readonly number[], leftSum: number, rightSum: number) => [
    assign(factor, value),
    assign(leftSum, add(get(leftSum), multiply(get(factor), get(left)))),
    assign(rightSum, add(get(rightSum), multiply(get(factor), get(right)))),
  ];
  const body = [
    ...pointers.flatMap((pointer) => [assign(pointer, get(rows)), advance(rows, get(rowStride))]),
    ...sums.flatMap(([leftSum, rightSum]) => [assign(leftSum, load(bias)), assign(rightSum, load(bias, VECTOR_BYTES))]),
    countDown(depth, [
      assign(left, load(panel)),
      assign(right, load(panel, VECTOR_BYTES)),
      ...sums.flatMap(([leftSum, rightSum], row) => addProduct(loadSpread(pointers[row] ?? 0), leftSum, rightSum)),
      ...pointers.map((pointer) => advance(pointer, int(Float32Array.BYTES_PER_ELEMENT))),
      advance(panel, int(PANEL_BYTES)),
    ]),
    ...sums.flatMap(([leftSum, rightSum]) => [
      store(out, get(leftSum)),
      store(out, get(rightSum), VECTOR_BYTES),
      advance(out, get(outStride)),
    ]),
  ];
  return {
    name: 'productBlock',
    parameters: [i32, i32, i32, i32, i32, i32, i32],
    locals: [...pointers.map(() => i32), ...v128s(3 + 2 * BLOCK_ROWS)],
    body: body.flat(),
  };
}

function gradientPanel(): FunctionCode {
  const [rows, rowStride, slopes, slopeStride, rowCount, blockCount, out] = [0, 1, 2, 3, 4, 5, 6];
  const [row, slope, rowsLeft] = [7, 8, 9];
  const [factor, left, right] = [10, 11, 12];
  const sums = range(BLOCK_ROWS).map((index) => [13 + 2 * index, 14 + 2 * index] as const);
  const addProduct = (value: readonly number[], leftSum: number, rightSum: number) => [
    assign(factor, value),
    assign(leftSum, add(get(leftSum), multiply(get(factor), get(left)))),
    assign(rightSum, add(get(rightSum), multiply(get(factor), get(right)))),
  ];
  const body = countDown(blockCount, [
    assign(row, get(rows)),
    assign(slope, get(slopes)),
    assign(rowsLeft, get(rowCount)),
    ...sums.flat().map((sum) => assign(sum, constant(0))),
    countDown(rowsLeft, [
      assign(left, load(slope)),
      assign(right, load(slope, VECTOR_BYTES)),
      ...sums.flatMap(([leftSum, rightSum], index) =>
        addProduct(loadSpread(row, index * Float32Array.BYTES_PER_ELEMENT), leftSum, rightSum),
      ),
      advance(row, get(rowStride)),
      advance(slope, get(slopeStride)),
    ]),
    ...sums.flatMap(([leftSum, rightSum], index) => [
      store(out, get(leftSum), index * PANEL_BYTES),
      store(out, get(rightSum), index * PANEL_BYTES + VECTOR_BYTES),
    ]),
    advance(rows, int(BLOCK_ROWS * Float32Array.BYTES_PER_ELEMENT)),
    advance(out, int(BLOCK_ROWS * PANEL_BYTES)),
  ]);
  return {
    name: 'gradientPanel',
    parameters: [i32, i32, i32, i32, i32, i32, i32],
    locals: [i32, i32, i32, ...v128s(3 + 2 * BLOCK_ROWS)],
    body,
  };
}

function drop(): FunctionCode {
  const [values, bytes, vectorCount, threshold, keptFactor] = [0, 1, 2, 3, 4];
  const kept = multiply(load(values), spread(get(keptFactor)));
  const body = countDown(vectorCount, [
    store(values, whereAtLeast(loadBytes(bytes), spreadInt(get(threshold)), kept)),
    advance(values, int(VECTOR_BYTES)),
    advance(bytes, int(4)),
  ]);
  return { name: 'drop', parameters: [i32, i32, i32, i32, f32], locals: [], body };
}

function update(optimizer: OptimizerName): FunctionCode {
  const [weights, first, second, gradients, vectorCount, decay, rate, epsilon] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [gradient, moved, squares] = [8, 9, 10];
  const squared = multiply(get(gradient), get(gradient));
  const decayed = (pointer: number, ratio: number) => multiply(load(pointer), constant(ratio));
  const overRoot = (value: readonly number[]) => divide(value, add(root(get(squares)), spread(get(epsilon))));
  const rules = {
    sgd: [assign(moved, add(decayed(first, MOMENTUM), get(gradient))), store(first, get(moved))],
    rmsprop: [
      assign(squares, add(decayed(first, RMS_DECAY), squared)),
      store(first, get(squares)),
      assign(moved, overRoot(get(gradient))),
    ],
    adam: [
      assign(moved, add(decayed(first, FIRST_DECAY), get(gradient))),
      store(first, get(moved)),
      assign(squares, add(decayed(second, SECOND_DECAY), squared)),
      store(second, get(squares)),
      assign(moved, overRoot(get(moved))),
    ],
  };
  const body = countDown(vectorCount, [
    assign(gradient, add(load(gradients), multiply(load(weights), spread(get(decay))))),
    ...rules[optimizer],
    store(weights, subtract(load(weights), multiply(get(moved), spread(get(rate))))),
    ...[weights, first, second, gradients].map((pointer) => advance(pointer, int(VECTOR_BYTES))),
  ]);
  return { name: 'update', parameters: [i32, i32, i32, i32, i32, f32, f32, f32], locals: v128s(3), body };
}

/** The module for one optimiser, or null where WebAssembly knows no vectors. */
export function compileHeadKernels(optimizer: OptimizerName): WebAssembly.Module | null {
  const bytes = assembleModule([productBlock(), gradientPanel(), drop(), update(optimizer)]);
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

/** Puts the kernels to work on a memory. */
export function bindHeadKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): HeadKernels {
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  // The compiler cannot see into the module; it holds exactly the functions that `compileHeadKernels` put there.
  return exports as unknown as HeadKernels;
}
