import { describe, expect, it } from 'vitest';
import { composedScaling, pixelAffine } from '../../../src/graph/pixel-scaling.ts';

describe('the scaling of pixels', () => {
  it('takes black and white to the ends of its range', () => {
    for (const [pixels, low, high] of [
      ['[-1,1]', -1, 1],
      ['[0,1]', 0, 1],
      ['0-255', 0, 255],
    ] as const) {
      const { scale, offset } = pixelAffine(pixels);
      expect(offset[0]).toBe(low);
      expect(255 * scale[0] + offset[0]).toBeCloseTo(high, 12);
    }
  });

  it('takes ImageNet’s mean colour to zero, in the order the network wants', () => {
    const imagenet = pixelAffine('imagenet');
    const caffe = pixelAffine('caffe');
    const meanOf = (affine: typeof caffe, rgb: readonly number[]) =>
      affine.source.map((from, k) => (rgb[from] ?? 0) * (affine.scale[k] ?? 0) + (affine.offset[k] ?? 0));
    for (const value of meanOf(imagenet, [0.485 * 255, 0.456 * 255, 0.406 * 255])) expect(value).toBeCloseTo(0, 12);
    for (const value of meanOf(caffe, [123.68, 116.779, 103.939])) expect(value).toBeCloseTo(0, 12);
  });

  it('is recognised when arithmetic on another one gives it', () => {
    expect(composedScaling('[0,1]', [2, 2, 2], [-1, -1, -1])).toBe('[-1,1]');
    expect(composedScaling('0-255', [1 / 255, 1 / 255, 1 / 255], [0, 0, 0])).toBe('[0,1]');
    expect(composedScaling('0-255', [1 / 127, 1 / 127, 1 / 127], [-1, -1, -1])).toBe('teachable-machine');
    const deviation = [0.229, 0.224, 0.225];
    const offset = [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225];
    expect(
      composedScaling(
        '[0,1]',
        deviation.map((value) => Math.fround(1 / value)),
        offset,
      ),
    ).toBe('imagenet');
  });

  it('is not guessed when it is only nearly one of ours', () => {
    expect(composedScaling('0-255', [1 / 127.2, 1 / 127.2, 1 / 127.2], [-1, -1, -1])).toBeNull();
    expect(composedScaling('caffe', [1 / 255, 1 / 255, 1 / 255], [0, 0, 0])).toBeNull();
  });
});
