import { bindSlopeKernels, type SlopeKernels } from './slope-kernels.ts';

/** Kernels and the memory they work on, apart from that of tfjs: its own may move, and may be shared between threads. */
export interface Workbench {
  readonly kernels: SlopeKernels;
  /** The memory, grown to hold `length` float32. What was there before is of no worth. Valid until the next call. */
  reserve(length: number): Float32Array;
}

const PAGE_NUMBERS = 65_536 / Float32Array.BYTES_PER_ELEMENT;

export function createWorkbench(module: WebAssembly.Module): Workbench {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const kernels = bindSlopeKernels(module, memory);
  return {
    kernels,
    reserve: (length) => {
      const missing = Math.ceil(length / PAGE_NUMBERS) - memory.buffer.byteLength / 65_536;
      if (missing > 0) memory.grow(missing);
      return new Float32Array(memory.buffer);
    },
  };
}

/** Bytes from the start of the memory to a number in it. */
export const bytes = (position: number): number => position * Float32Array.BYTES_PER_ELEMENT;

/** A row as the kernels count it. */
export const inVectors = (length: number): [vectorCount: number, restCount: number] => [
  Math.floor(length / 4),
  length % 4,
];
