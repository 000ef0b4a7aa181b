import { onBeat } from '../domain/beat.ts';
import { sendBeats } from '../rpc/send-beats.ts';
import { serve } from '../rpc/serve.ts';
import type { EngineCalls } from './contract.ts';
import { createDecodeWorker } from './create-decode-worker.ts';
import { createEngine } from './create-engine.ts';
import { decodeWorkerCount } from './decode-pool.ts';

/** A task of its own behind the messages that wait; unlike a timer it is not slowed down when nested. */
function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

const decoding = {
  createWorker: createDecodeWorker,
  workerCount: decodeWorkerCount(navigator.hardwareConcurrency),
};

const now = () => performance.now();

onBeat(sendBeats(self, now));
serve<EngineCalls>(self, createEngine({ now, yieldToEvents, decoding }));
