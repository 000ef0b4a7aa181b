import type { Preprocessing } from '../domain/preprocessing.ts';
import { safeName } from '../files/safe-names.ts';
import type { ZipInput } from '../files/zip-blobs.ts';
import { encodePng } from './png.ts';

/** One image whose probabilities are known. */
export interface ParitySample {
  /** File name as dropped, for its ending. */
  readonly name: string;
  readonly className: string;
  /** The file as dropped. */
  readonly original: Blob;
  /** uint8 [side, side, 3] RGB: exactly what the page gave the backbone, before scaling. */
  readonly pixels: Uint8Array;
  /** By class index, 0-1, computed from `pixels`. */
  readonly probabilities: ArrayLike<number>;
}

/** Largest difference a program may have on the given pixels. */
export const PARITY_TOLERANCE = 1e-4;

/** The `parity/` folder: originals, exact pixels, and what the model says of them. */
export async function* parityFiles(
  samples: readonly ParitySample[],
  labels: readonly string[],
  preprocessing: Preprocessing,
): AsyncGenerator<ZipInput> {
  const named = samples.map((sample, index) => ({ sample, ...fileNames(sample, index) }));
  const expected = {
    about: 'Give the model the pixels and compare: every probability must be within the tolerance.',
    tolerance: PARITY_TOLERANCE,
    labels,
    preprocessing,
    samples: named.map(({ sample, original, pixels }) => ({
      original,
      pixels,
      trueLabel: sample.className,
      probabilities: Array.from(sample.probabilities, sixDigits),
    })),
  };
  yield { path: 'parity/expected.json', content: `${JSON.stringify(expected, null, 2)}\n` };
  for (const { sample, original, pixels } of named) {
    yield { path: `parity/${original}`, content: sample.original };
    yield { path: `parity/${pixels}`, content: await encodePng(sample.pixels, preprocessing.side) };
  }
}

/** A probability as the parity files print it. */
export function sixDigits(probability: number): number {
  return Number(probability.toFixed(6));
}

function fileNames({ name, className }: ParitySample, index: number): { original: string; pixels: string } {
  const stem = `${index + 1}-${safeName(className, 'class')}`;
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase();
  return { original: ending === undefined ? stem : `${stem}.${ending}`, pixels: `${stem}.pixels.png` };
}
