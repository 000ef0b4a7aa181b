/** Room in this browser, bytes, and whether the browser promised not to clear it. */
export interface Quota {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly persistent: boolean;
}

/** What the browser says; zeros where it says nothing. */
export async function readQuota(): Promise<Quota> {
  const [estimate, persistent] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()]);
  return { usedBytes: estimate.usage ?? 0, quotaBytes: estimate.quota ?? 0, persistent };
}
