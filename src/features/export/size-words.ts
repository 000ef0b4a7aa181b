import type { AnswersCompared, Compression, WeightEncoding } from '../../domain/compression.ts';
import { percentText, sizeText } from '../../ui/number-text.ts';
import type { DownloadSize } from './use-download-size.ts';

export interface EncodingWords {
  readonly label: string;
  readonly detail: string;
}

export const ENCODING_WORDS: Readonly<Record<WeightEncoding, EncodingWords>> = {
  float32: { label: 'Full', detail: 'Every weight as it was computed.' },
  float16: { label: 'Half', detail: '16 bits (float16). TensorFlow.js 2.8 or later reads it.' },
  'uint8-per-channel': {
    label: '8 bits, finer',
    detail: 'One scale for each channel of a layer, and one more step per layer.',
  },
  uint8: { label: '8 bits', detail: 'One scale for each layer. Every TensorFlow.js reads it.' },
};

/** "Half, 30 % zero". */
export function compressionName({ encoding, prunedRatio }: Compression): string {
  const { label } = ENCODING_WORDS[encoding];
  return prunedRatio === 0 ? label : `${label}, ${percentText(prunedRatio)} zero`;
}

/** Keeps its line while there is nothing to say. */
export function downloadSizeText(size: DownloadSize): string {
  if (size === 'unknown') return '\u00a0';
  if (size === 'computing') return 'Computing its size';
  return size === 'failed' ? 'Size not known' : sizeText(size);
}

/** Difference of accuracy in points: "+0.4", "-1.2" or "0.0". */
export function accuracyChange({ imageCount, correctCountBefore, correctCountAfter }: AnswersCompared): string {
  const points = ((correctCountAfter - correctCountBefore) / Math.max(1, imageCount)) * 100;
  return `${points > 0 ? '+' : points < 0 ? '\u2212' : ''}${Math.abs(points).toFixed(1)}`;
}
