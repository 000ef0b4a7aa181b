/**
 * As much of the WebAssembly binary format as `head-kernels.ts` and `slope-kernels.ts` need. Numbers are from the
 * specification (core 2.0, chapters 5.4 "Instructions" and 5.5 "Modules"). Code is a list of bytes; a longer piece of code is
 * shorter ones joined.
 */
type Code = readonly number[];

/** What a local or a parameter of a function holds; the numbers are those of the format. */
export const TYPE = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
type ValueType = (typeof TYPE)[keyof typeof TYPE];

/** Bytes of a vector of four float32. */
export const VECTOR_BYTES = 16;

/** A function without a result. Locals are numbered: first the parameters, then the others. */
export interface FunctionCode {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** Seven bits a byte, lowest first; for numbers from 0. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const rest = value >> 7;
  const isLast = (rest === 0 && (value & 0x40) === 0) || (rest === -1 && (value & 0x40) !== 0);
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(rest)];
}

/** A vector instruction: a prefix, then its number. */
const vector = (instruction: number): Code => [0xfd, ...unsigned(instruction)];

export const get = (local: number): Code => [0x20, ...unsigned(local)];
const set = (local: number): Code => [0x21, ...unsigned(local)];
const joined = (...pieces: readonly Code[]): Code => pieces.flat();

/** local = value */
export const assign = (local: number, value: Code): Code => joined(value, set(local));

/** local += count, for a pointer or a counter. */
export const advance = (local: number, count: Code): Code => assign(local, joined(get(local), count, [0x6a]));
export const int = (value: number): Code => [0x41, ...signed(value)];

/** Four float32 from the address in `pointer`, `offset` bytes further. */
export const load = (pointer: number, offset = 0): Code => joined(get(pointer), vector(0x00), [2], unsigned(offset));

/** The next four bytes, each as an int32. */
export const loadBytes = (pointer: number): Code =>
  joined(get(pointer), vector(0x5c), [2, 0], vector(0x89), vector(0xa9));

/** One float32, four times. */
export const loadSpread = (pointer: number, offset = 0): Code =>
  joined(get(pointer), vector(0x09), [2], unsigned(offset));

export const store = (pointer: number, value: Code, offset = 0): Code =>
  joined(get(pointer), value, vector(0x0b), [2], unsigned(offset));

/** One float32 and three zeros. */
export const loadOne = (pointer: number): Code => joined(get(pointer), vector(0x5c), [2, 0]);

/** The first of four float32. */
export const storeOne = (pointer: number, value: Code): Code => joined(get(pointer), value, vector(0x5a), [2, 0, 0]);

/** A float32, or an int32, four times. */
export const spread = (value: Code): Code => joined(value, vector(0x13));
export const spreadInt = (value: Code): Code => joined(value, vector(0x11));

/** `value` where the int32 `one` is at least `other`, else zero. */
export const whereAtLeast = (one: Code, other: Code, value: Code): Code =>
  joined(one, other, vector(0x3f), value, vector(0x4e));

/** `value` where the float32 `middle` lies between `low` and `high` and is neither, else zero. */
export const whereBetween = (low: Code, middle: Code, high: Code, value: Code): Code =>
  joined(middle, low, vector(0x44), middle, high, vector(0x43), vector(0x4e), value, vector(0x4e));

/** A constant float32, four times. */
export function constant(value: number): Code {
  const bytes = [...new Uint8Array(Float32Array.of(value, value, value, value).buffer)];
  return joined(vector(0x0c), bytes);
}

export const add = (one: Code, other: Code): Code => joined(one, other, vector(0xe4));
export const subtract = (one: Code, other: Code): Code => joined(one, other, vector(0xe5));
export const multiply = (one: Code, other: Code): Code => joined(one, other, vector(0xe6));
export const divide = (one: Code, other: Code): Code => joined(one, other, vector(0xe7));
export const root = (value: Code): Code => joined(value, vector(0xe3));

/** A block of instructions that leaves nothing behind. */
const NO_RESULT = 0x40;

/** Runs `body` at least once, and `local`, a counter, down to 0. */
export function countDown(local: number, body: readonly Code[]): Code {
  return joined([0x03, NO_RESULT], ...body, advance(local, int(-1)), get(local), [0x0d, 0, 0x0b]);
}

/** Runs `body` unless `local`, a number, is 0. */
export const unlessZero = (local: number, body: readonly Code[]): Code =>
  joined(get(local), [0x04, NO_RESULT], ...body, [0x0b]);

const sized = (bytes: Code): Code => joined(unsigned(bytes.length), bytes);
const listed = (items: readonly Code[]): Code => joined(unsigned(items.length), ...items);
const section = (id: number, items: readonly Code[]): Code => joined([id], sized(listed(items)));
const text = (value: string): Code => sized([...new TextEncoder().encode(value)]);

/** A module that imports its memory as `host.memory` and exports every function by its name. */
export function assembleModule(functions: readonly FunctionCode[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => joined([0x60], listed(parameters.map((type) => [type])), [0]));
  const memory = joined(text('host'), text('memory'), [0x02, 0x00, 0x01]);
  const names = functions.map(({ name }, index) => joined(text(name), [0x00], unsigned(index)));
  const bodies = functions.map(({ locals, body }) =>
    sized(joined(listed(locals.map((type) => [1, type])), body, [0x0b])),
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(7, names),
    ...section(10, bodies),
  ]);
}
