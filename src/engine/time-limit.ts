/**
 * Waits for a promise, but not for ever.
 * @throws Error with `message` after `limitMs`; the work itself goes on and its end is ignored.
 */
export function withTimeLimit<T>(work: Promise<T>, limitMs: number, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
