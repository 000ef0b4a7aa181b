import DecodeWorker from './decode-worker.ts?worker&url';

/**
 * Starts a decoding worker beneath the engine's. From a blob that imports the real one, as the engine itself is started:
 * a blob inherits the page's content security policy, a file of its own would have none on a static host.
 */
export function createDecodeWorker(): Worker {
  const address = new URL(DecodeWorker, import.meta.url).href;
  const bootstrap = new Blob([`import ${JSON.stringify(address)};`], { type: 'text/javascript' });
  const url = URL.createObjectURL(bootstrap);
  const worker = new Worker(url, { type: 'module', name: 'graft-decode' });
  const release = () => URL.revokeObjectURL(url);
  worker.addEventListener('message', release, { once: true });
  worker.addEventListener('error', release, { once: true });
  return worker;
}
