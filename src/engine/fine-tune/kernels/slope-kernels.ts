import {
  add,
  advance,
  assembleModule,
  assign,
  countDown,
  type FunctionCode,
  get,
  int,
  load,
  loadOne,
  multiply,
  spread,
  store,
  storeOne,
  TYPE,
  unlessZero,
  VECTOR_BYTES,
  whereBetween,
} from '../../training/kernels/assembler.ts';

/**
 * All addresses and steps are in bytes. A row has 4 x `vectorCount` + `restCount` float32, the rest fewer than four; there is at
 * least one row.
 */
export interface SlopeKernels {
  /**
   * out += left * right, value by value, for `rowCount` rows that lie `outStep`, `leftStep` and `rightStep` apart. A step of 0
   * sums into one row, or takes the same factors for each.
   */
  addProducts(
    out: number,
    outStep: number,
    left: number,
    leftStep: number,
    right: number,
    rightStep: number,
    rowCount: number,
    vectorCount: number,
    restCount: number,
  ): void;
  /** out += each of `rowCount` rows, which lie one behind the other. */
  addRows(out: number, rows: number, rowCount: number, vectorCount: number, restCount: number): void;
  /** One row: `slopes` become 0 in place where not low < value < high. */
  keepInside(slopes: number, values: number, vectorCount: number, restCount: number, low: number, high: number): void;
}

type Code = readonly number[];

/** How much is computed at once: a vector, or a single number with three zeros. */
interface Width {
  readonly load: (pointer: number) => Code;
  readonly store: (pointer: number, value: Code) => Code;
}

const FOUR: Width = { load, store };
const ONE: Width = { load: loadOne, store: storeOne };

const { i32, f32 } = TYPE;

/** `step` for every vector of a row and every number of its rest. @param left a local to count with. */
function alongRow(
  counts: readonly [vectorCount: number, restCount: number],
  left: number,
  pointers: readonly number[],
  step: (width: Width) => Code,
): Code {
  const part = (count: number, width: Width, bytes: number) =>
    unlessZero(count, [
      assign(left, get(count)),
      countDown(left, [step(width), ...pointers.map((pointer) => advance(pointer, int(bytes)))]),
    ]);
  return [...part(counts[0], FOUR, VECTOR_BYTES), ...part(counts[1], ONE, Float32Array.BYTES_PER_ELEMENT)];
}

function addProducts(): FunctionCode {
  const [out, outStep, left, leftStep, right, rightStep, rowCount, vectorCount, restCount] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ];
  const [sum, one, other, count] = [9, 10, 11, 12];
  const body = countDown(rowCount, [
    assign(sum, get(out)),
    assign(one, get(left)),
    assign(other, get(right)),
    alongRow([vectorCount, restCount], count, [sum, one, other], (width) =>
      width.store(sum, add(width.load(sum), multiply(width.load(one), width.load(other)))),
    ),
    advance(out, get(outStep)),
    advance(left, get(leftStep)),
    advance(right, get(rightStep)),
  ]);
  return {
    name: 'addProducts',
    parameters: [i32, i32, i32, i32, i32, i32, i32, i32, i32],
    locals: [i32, i32, i32, i32],
    body,
  };
}

function addRows(): FunctionCode {
  const [out, rows, rowCount, vectorCount, restCount] = [0, 1, 2, 3, 4];
  const [sum, count] = [5, 6];
  const body = countDown(rowCount, [
    assign(sum, get(out)),
    alongRow([vectorCount, restCount], count, [sum, rows], (width) =>
      width.store(sum, add(width.load(sum), width.load(rows))),
    ),
  ]);
  return { name: 'addRows', parameters: [i32, i32, i32, i32, i32], locals: [i32, i32], body };
}

function keepInside(): FunctionCode {
  const [slopes, values, vectorCount, restCount, low, high] = [0, 1, 2, 3, 4, 5];
  const count = 6;
  const body = alongRow([vectorCount, restCount], count, [slopes, values], (width) =>
    width.store(slopes, whereBetween(spread(get(low)), width.load(values), spread(get(high)), width.load(slopes))),
  );
  return { name: 'keepInside', parameters: [i32, i32, i32, i32, f32, f32], locals: [i32], body };
}

/** The module, or null where WebAssembly knows no vectors. */
export function compileSlopeKernels(): WebAssembly.Module | null {
  const bytes = assembleModule([addProducts(), addRows(), keepInside()]);
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

/** Puts the kernels to work on a memory. */
export function bindSlopeKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): SlopeKernels {
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  // The compiler cannot see into the module; it holds exactly the functions that `compileSlopeKernels` put there.
  return exports as unknown as SlopeKernels;
}
