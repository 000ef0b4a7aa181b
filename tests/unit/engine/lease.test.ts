import { describe, expect, it } from 'vitest';
import { Lease } from '../../../src/engine/lease.ts';

function disposable() {
  return {
    disposeCount: 0,
    dispose() {
      this.disposeCount += 1;
    },
  };
}

describe('a lease', () => {
  it('disposes a retired resource only when its last user has left', async () => {
    const resource = disposable();
    const lease = new Lease(resource);
    let leave = () => {};
    const staying = lease.use(
      () =>
        new Promise<void>((resolve) => {
          leave = resolve;
        }),
    );
    await lease.use(async () => null);
    lease.retire();
    expect(resource.disposeCount).toBe(0);
    leave();
    await staying;
    expect(resource.disposeCount).toBe(1);
  });

  it('disposes at once when nobody uses it, and keeps nothing for a user that failed', async () => {
    const resource = disposable();
    const lease = new Lease(resource);
    await expect(lease.use(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    lease.retire();
    expect(resource.disposeCount).toBe(1);
  });
});
