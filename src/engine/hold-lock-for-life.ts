/** Resolves once the lock is held; only the end of this worker gives it back. Rejects where the browser has no locks. */
export function holdLockForLife(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const hold = () => {
      resolve();
      return new Promise<never>(() => {});
    };
    navigator.locks.request(name, hold).catch(reject);
  });
}
