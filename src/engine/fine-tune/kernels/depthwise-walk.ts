import type { Window } from '../window.ts';
import { bytes, inVectors, type Workbench } from './workbench.ts';

/** float32 throughout; images are [batch, height, width, channels], one output a channel. */
export interface DepthwiseParts {
  readonly x: Float32Array;
  /** [tall, wide, channels] */
  readonly kernel: Float32Array;
  /** Of the loss, in the outputs. */
  readonly slope: Float32Array;
  readonly channels: number;
  /** Written: slopes of the loss in kernel, bias and, unless null, inputs. */
  readonly kernelSlope: Float32Array;
  readonly biasSlope: Float32Array;
  readonly inputSlope: Float32Array | null;
}

/** Neighbouring outputs of a row for which one column of the filter lies on the image. */
interface Run {
  readonly firstOutput: number;
  readonly firstInput: number;
  readonly length: number;
}

/**
 * The backward pass of a depthwise convolution. An output o sees, at position p of the filter, the input o * stride +
 * p * dilation - padding =: i(o, p). Over all such pairs that lie on the image, channel by channel:
 *
 *     kernelSlope[p] = sum of x[i(o, p)] * slope[o]      inputSlope[i(o, p)] += kernel[p] * slope[o]
 *
 * Image by image, so that everything touched stays near the processor: what lies next to each other in memory are channels,
 * then columns, and both sums are taken over runs of columns. So padding costs nothing: it is never looked at.
 */
export function walkDepthwise(bench: Workbench, window: Window, parts: DepthwiseParts): void {
  const { channels, x, slope, kernelSlope, biasSlope, inputSlope } = parts;
  const [imageLength, outputLength] = [area(window.input) * channels, area(window.output) * channels];
  const place = lay([kernelSlope.length, kernelSlope.length, channels, imageLength, outputLength, imageLength]);
  const [kernelAt = 0, kernelSlopeAt = 0, biasAt = 0, imageAt = 0, slopeAt = 0, inputSlopeAt = 0] = place.starts;
  const numbers = bench.reserve(place.end);
  numbers.set(parts.kernel, kernelAt);
  numbers.fill(0, kernelSlopeAt, imageAt);
  const runs = Array.from({ length: window.size[1] }, (_, column) => runOf(window, column));
  const row = inVectors(channels);

  const walkImage = () => {
    for (let output = 0; output < window.output[0]; output++) {
      for (let tall = 0; tall < window.size[0]; tall++) {
        const input = output * window.strides[0] + tall * window.dilations[0] - window.padding[0][0];
        if (input < 0 || input >= window.input[0]) continue;
        for (const [wide, run] of runs.entries()) walkRun(output, input, tall, wide, run);
      }
    }
  };
  const walkRun = (output: number, input: number, tall: number, wide: number, run: Run) => {
    if (run.length < 1) return;
    const position = (tall * window.size[1] + wide) * channels;
    const from = bytes(slopeAt + (output * window.output[1] + run.firstOutput) * channels);
    const to = (input * window.input[1] + run.firstInput) * channels;
    const [step, apart] = [bytes(channels), bytes(window.strides[1] * channels)];
    const { addProducts } = bench.kernels;
    addProducts(bytes(kernelSlopeAt + position), 0, bytes(imageAt + to), apart, from, step, run.length, ...row);
    if (inputSlope === null) return;
    addProducts(bytes(inputSlopeAt + to), apart, bytes(kernelAt + position), 0, from, step, run.length, ...row);
  };

  for (let image = 0; image * imageLength < x.length; image++) {
    numbers.set(x.subarray(image * imageLength, (image + 1) * imageLength), imageAt);
    numbers.set(slope.subarray(image * outputLength, (image + 1) * outputLength), slopeAt);
    numbers.fill(0, inputSlopeAt, inputSlopeAt + imageLength);
    walkImage();
    bench.kernels.addRows(bytes(biasAt), bytes(slopeAt), area(window.output), ...row);
    inputSlope?.set(numbers.subarray(inputSlopeAt, inputSlopeAt + imageLength), image * imageLength);
  }
  kernelSlope.set(numbers.subarray(kernelSlopeAt, kernelSlopeAt + kernelSlope.length));
  biasSlope.set(numbers.subarray(biasAt, biasAt + channels));
}

const area = ([height, width]: readonly [number, number]): number => height * width;

/** One block behind the other, each starting at a vector. */
function lay(lengths: readonly number[]): { readonly starts: readonly number[]; readonly end: number } {
  let end = 0;
  const starts = lengths.map((length) => {
    const start = end;
    end += Math.ceil(length / 4) * 4;
    return start;
  });
  return { starts, end };
}

function runOf({ strides, dilations, padding, input, output }: Window, column: number): Run {
  const [stride, offset] = [strides[1], column * dilations[1] - padding[1][0]];
  const firstOutput = Math.max(0, Math.ceil(-offset / stride));
  const end = Math.min(output[1], Math.floor((input[1] - 1 - offset) / stride) + 1);
  return { firstOutput, firstInput: firstOutput * stride + offset, length: end - firstOutput };
}
