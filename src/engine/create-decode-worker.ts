import DecodeWorker from './decode-worker.ts?worker&url';
import { startInnerWorker } from './start-inner-worker.ts';

/** Starts a decoding worker beneath the engine's. */
export function createDecodeWorker(): Worker {
  return startInnerWorker(DecodeWorker, 'graft-decode');
}
