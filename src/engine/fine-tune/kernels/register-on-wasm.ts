/**
 * What wasm gets beside the kernels of tfjs, once this file is loaded. tfjs made these of many operations there, each a walk
 * through memory of its own, and its sums along rows pack the rows as if they were weights. Nothing is registered where
 * WebAssembly knows no vectors. One thread: all of it together takes a few hundredths of a step.
 */
import { beat } from '../../../domain/beat.ts';
import * as tf from '../../tf.ts';
import type { Window } from '../window.ts';
import { walkDepthwise } from './depthwise-walk.ts';
import type { OwnKernel } from './own-kernel.ts';
import { compileSlopeKernels } from './slope-kernels.ts';
import { bytes, createWorkbench, inVectors, type Workbench } from './workbench.ts';

type SlopeAndValue = Readonly<Record<'slope' | 'value', tf.TensorInfo>>;
type InsideLimits = Readonly<Record<'low' | 'high', number>>;
type DepthwiseInputs = Readonly<Record<'x' | 'kernel' | 'slope', tf.TensorInfo>>;
type DepthwiseMoves = { readonly window: Window; readonly wantsInput: boolean };

/** Numbers worked on at a time where values follow each other only in memory: small enough to stay near the processor. */
const CHUNK = 16_384;

/** A tensor's numbers where tfjs has them; valid until the next tensor is made. */
function numbersOf(device: tf.BackendWasm, info: tf.TensorInfo): Float32Array {
  return device.typedArrayFromHeap(info) as Float32Array;
}

/** [count, length] to the sum of all rows, [length]. */
function rowSums({ kernels, reserve }: Workbench, device: tf.BackendWasm, rows: tf.TensorInfo): tf.TensorInfo[] {
  const length = rows.shape[1] ?? 1;
  const sum = device.makeOutput([length], 'float32');
  const rowsAt = Math.ceil(length / 4) * 4;
  const rowsAtOnce = Math.max(1, Math.floor(CHUNK / length));
  const numbers = reserve(rowsAt + rowsAtOnce * length);
  numbers.fill(0, 0, length);
  const values = numbersOf(device, rows);
  for (let start = 0; start < values.length; start += rowsAtOnce * length) {
    const part = values.subarray(start, start + rowsAtOnce * length);
    numbers.set(part, rowsAt);
    kernels.addRows(0, bytes(rowsAt), part.length / length, ...inVectors(length));
  }
  numbersOf(device, sum).set(numbers.subarray(0, length));
  return [sum];
}

/** The slope where low < value < high, 0 elsewhere. */
function slopeInside(
  { kernels, reserve }: Workbench,
  device: tf.BackendWasm,
  { slope, value }: SlopeAndValue,
  { low, high }: InsideLimits,
): tf.TensorInfo[] {
  const inside = device.makeOutput([...slope.shape], 'float32');
  const [given, values, wanted] = [numbersOf(device, slope), numbersOf(device, value), numbersOf(device, inside)];
  const numbers = reserve(2 * CHUNK);
  for (let start = 0; start < given.length; start += CHUNK) {
    const part = given.subarray(start, start + CHUNK);
    numbers.set(part);
    numbers.set(values.subarray(start, start + CHUNK), CHUNK);
    kernels.keepInside(0, bytes(CHUNK), ...inVectors(part.length), low, high);
    wanted.set(numbers.subarray(0, part.length), start);
  }
  return [inside];
}

/** What `walkDepthwise` gives. */
function depthwiseSlopes(
  bench: Workbench,
  device: tf.BackendWasm,
  { x, kernel, slope }: DepthwiseInputs,
  { window, wantsInput }: DepthwiseMoves,
): tf.TensorInfo[] {
  const channels = x.shape[3] ?? 1;
  const shapes = [[...kernel.shape], [channels], ...(wantsInput ? [[...x.shape]] : [])];
  const made = shapes.map((shape) => device.makeOutput(shape, 'float32'));
  const [kernelSlope, biasSlope, inputSlope] = made.map((info) => numbersOf(device, info));
  if (kernelSlope === undefined || biasSlope === undefined)
    throw new Error('a depthwise convolution has a kernel and a bias');
  walkDepthwise(bench, window, {
    channels,
    x: numbersOf(device, x),
    kernel: numbersOf(device, kernel),
    slope: numbersOf(device, slope),
    kernelSlope,
    biasSlope,
    inputSlope: inputSlope ?? null,
  });
  return made;
}

/** Registers the kernels, with one workbench made when the first of them is used and kept from then on. */
function registerAll(module: WebAssembly.Module): void {
  let kept: Workbench | null = null;
  const bench = () => {
    kept ??= createWorkbench(module);
    return kept;
  };
  const register = (
    kernelName: OwnKernel,
    compute: (device: tf.BackendWasm, inputs: unknown, attributes: unknown) => tf.TensorInfo[],
  ) =>
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      // The backend registered as wasm is of this class.
      kernelFunc: ({ inputs, backend, attrs }) => {
        beat();
        return compute(backend as tf.BackendWasm, inputs, attrs);
      },
    });
  // What comes in is what `runOwnKernel` was called with; `OwnKernel` says what that is.
  register('GraftRowSums', (device, inputs) => rowSums(bench(), device, (inputs as { rows: tf.TensorInfo }).rows));
  register('GraftSlopeInside', (device, inputs, attributes) =>
    slopeInside(bench(), device, inputs as SlopeAndValue, attributes as InsideLimits),
  );
  register('GraftDepthwiseSlopes', (device, inputs, attributes) =>
    depthwiseSlopes(bench(), device, inputs as DepthwiseInputs, attributes as DepthwiseMoves),
  );
}

const compiled = compileSlopeKernels();
if (compiled !== null) registerAll(compiled);
