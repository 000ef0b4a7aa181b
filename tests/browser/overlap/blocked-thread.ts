/** Keeps the page's thread busy, as drawing ten thousand thumbnails does: nothing else runs meanwhile. */
export function blockThread(forMs: number): void {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs);
}

export function sleep(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

/** Resolves in the next turn of the page's thread, after what waited already. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Waits for work, but not for ever. @returns what it gave, or `late` when the time is over. */
export async function within<T, L>(limitMs: number, work: Promise<T>, late: L): Promise<T | L> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), limitMs);
  });
  return await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
