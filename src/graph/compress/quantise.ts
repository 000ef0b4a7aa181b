import type { StoredNumbers } from '../../domain/stored-numbers.ts';

type Steps = Extract<StoredNumbers, { kind: 'uint8' }>;

const STEP_COUNT = 255;

/**
 * Values as 8-bit steps between the smallest and the largest of them, 0 always being one of the steps: what is zero stays
 * zero. Each is at most half of `scale` away from what its step stands for.
 */
export function quantise(values: Float32Array): Steps {
  let low = 0;
  let high = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // Only the step matters where there is nothing but zeros.
  const scale = high === low ? 1 : (high - low) / STEP_COUNT;
  const zero = Math.round(-low / scale);
  return { kind: 'uint8', steps: stepsOf(values, zero, scale), min: -zero * scale, scale };
}

/** What the steps stand for, computed as every TensorFlow.js does. */
export function dequantise({ steps, min, scale }: Steps): Float32Array {
  const values = new Float32Array(steps.length);
  for (let i = 0; i < steps.length; i += 1) values[i] = (steps[i] ?? 0) * scale + min;
  return values;
}

function stepsOf(values: Float32Array, zero: number, scale: number): Uint8Array {
  const steps = new Uint8Array(values.length);
  for (let i = 0; i < steps.length; i += 1) {
    steps[i] = Math.min(STEP_COUNT, Math.max(0, Math.round((values[i] ?? 0) / scale) + zero));
  }
  return steps;
}
