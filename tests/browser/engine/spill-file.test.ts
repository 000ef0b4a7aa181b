import { expect, test } from 'vitest';

/** What the worker says: files can be opened for writing at once in workers only. */
function outcomeOfSpilling(): Promise<unknown> {
  const worker = new Worker(new URL('./spill.worker.ts', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data));
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    worker.postMessage(null);
  }).finally(() => worker.terminate());
}

test('what memory has no room for goes through a file of this browser and comes back bit by bit; its space is given back', async () => {
  const first = await outcomeOfSpilling();
  expect(first).toEqual({
    areRight: true,
    secondFirst: 99,
    // Each store has a file of its own, locked while it is open.
    whileOpen: [null, null],
    afterwards: [0, 0],
  });
  // Files left behind are used again.
  expect(await outcomeOfSpilling()).toEqual(first);
});
