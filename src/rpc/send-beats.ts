import type { Port } from './calls.ts';
import type { ServerMessage } from './messages.ts';

/** Four a second: the calling side counts seconds of silence. */
const BEAT_INTERVAL_MS = 250;

/**
 * The sign of life of a serving side that is too busy to answer a ping: a worker can post while it computes.
 *
 * @param now milliseconds on a clock that only goes forward.
 * @returns posts a beat, unless the last one went out less than a quarter of a second ago.
 */
export function sendBeats(port: Pick<Port, 'postMessage'>, now: () => number): () => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = now();
    if (nowMs - lastMs < BEAT_INTERVAL_MS) return;
    lastMs = nowMs;
    port.postMessage({ kind: 'beat' } satisfies ServerMessage, []);
  };
}
