import type { ResizeMode } from '../domain/project.ts';
import type { InspectedFile, RejectReason } from './contract.ts';

/** The square of pixels that is wanted of a picture. */
export interface PixelWish {
  /** Width and height, px. */
  readonly side: number;
  readonly mode: ResizeMode;
}

/** A file that was looked at and, where wished, made ready for the network in the same go. */
export interface InspectedPicture {
  readonly result: InspectedFile;
  /** uint8 [side, side, 3] RGB; null when none was wished or the file was rejected. */
  readonly pixels: Uint8Array | null;
}

/** Pixels, or why there are none. */
type DecodedPicture =
  | { readonly kind: 'pixels'; readonly pixels: Uint8Array }
  | { readonly kind: 'rejected'; readonly reason: RejectReason; readonly detail: string };

/** The calls of a decoding worker, the helpers of the engine. A bad file is a value, never an error. */
export interface DecodeCalls {
  decode: { input: { readonly file: Blob; readonly wish: PixelWish }; event: never; output: DecodedPicture };
  inspect: { input: { readonly file: Blob; readonly wish: PixelWish | null }; event: never; output: InspectedPicture };
}
