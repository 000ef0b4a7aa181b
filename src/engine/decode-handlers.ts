import { throwIfAborted } from '../rpc/abort-error.ts';
import type { Handlers } from '../rpc/calls.ts';
import { decodePixels, RejectedImage } from './decode.ts';
import type { DecodeCalls } from './decode-calls.ts';
import { inspectFile } from './inspect.ts';
import { Turnstile } from './turnstile.ts';

/** Decoding runs on threads of the browser's own: a few at once keep them and this one busy. */
const CONCURRENCY = 3;

/** What a decoding worker does; the engine does the same itself where workers of its own are forbidden. */
export function createDecodeHandlers(): Handlers<DecodeCalls> {
  const turnstile = new Turnstile(CONCURRENCY);
  return {
    decode: ({ file, wish: { side, mode } }, { signal, transfer }) =>
      turnstile.pass(async () => {
        throwIfAborted(signal);
        try {
          const pixels = await decodePixels(file, side, mode);
          transfer(pixels.buffer);
          return { kind: 'pixels', pixels };
        } catch (error) {
          if (!(error instanceof RejectedImage)) throw error;
          return { kind: 'rejected', reason: error.reason, detail: error.detail };
        }
      }),

    inspect: ({ file, wish }, { signal, transfer }) =>
      turnstile.pass(async () => {
        throwIfAborted(signal);
        const inspected = await inspectFile(file, wish);
        if (inspected.pixels !== null) transfer(inspected.pixels.buffer);
        if (inspected.result.kind === 'image') transfer(inspected.result.thumbnail.bytes.buffer);
        return inspected;
      }),
  };
}
