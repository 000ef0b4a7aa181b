/**
 * Starts a worker beneath the engine's. From a blob that imports the real one, as the engine itself is started:
 * a blob inherits the page's content security policy, a file of its own would have none on a static host.
 *
 * @param url of the worker's script, as the bundler gives it: relative to the page's or the engine's script.
 */
export function startInnerWorker(url: string, name: string): Worker {
  const address = new URL(url, import.meta.url).href;
  const bootstrap = new Blob([`import ${JSON.stringify(address)};`], { type: 'text/javascript' });
  const blobUrl = URL.createObjectURL(bootstrap);
  const worker = new Worker(blobUrl, { type: 'module', name });
  const release = () => URL.revokeObjectURL(blobUrl);
  worker.addEventListener('message', release, { once: true });
  worker.addEventListener('error', release, { once: true });
  return worker;
}
