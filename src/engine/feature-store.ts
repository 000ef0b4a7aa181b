import { MOST_VIEWS } from '../domain/augmentation-settings.ts';
import { type ViewPlan, viewPlanKey } from '../domain/augmented-view.ts';
import { beat } from '../domain/beat.ts';
import type { ContentHash } from '../domain/dataset.ts';
import type { ResizeMode } from '../domain/project.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { FeatureCache, FeatureRow } from './feature-cache.ts';
import { type PackedRow, packRow, unpackRow } from './packed-row.ts';

/** Rows kept in memory beside the disk; beyond it a training run reads from disk. 100,000 rows of 1,280 as halves. */
const MEMORY_BYTES = 256 * 1024 * 1024;

/**
 * The features of one backbone and resize mode: on disk all of them, in memory as many as fit, both in half precision. A row
 * is rounded before it goes anywhere, so that it is the same wherever it is read from.
 */
export class FeatureStore {
  private readonly memory = new Map<ContentHash, PackedRow>();
  private heldBytes = 0;
  private views: { readonly key: string; readonly stores: readonly FeatureStore[] } | null = null;

  constructor(
    private readonly cache: FeatureCache,
    readonly featureKey: string,
    readonly mode: ResizeMode,
    private readonly featureLength: number,
    private readonly memoryBytes = MEMORY_BYTES,
  ) {}

  /** @returns those without a feature, each once, in order. */
  async missing(hashes: readonly ContentHash[]): Promise<ContentHash[]> {
    const unknown = [...new Set(hashes)].filter((hash) => !this.memory.has(hash));
    if (unknown.length === 0) return [];
    const stored = await this.cache.list(this.featureKey, this.mode);
    return unknown.filter((hash) => !stored.has(hash));
  }

  /**
   * Keeps rows.
   * @returns false when the disk is full, so that they are in memory only and last until another network or mode is used.
   * @throws RemoteError 'disk-full' when memory has no room for them either.
   */
  async put(rows: readonly FeatureRow[]): Promise<boolean> {
    const stored = rows.map(({ hash, values }) => ({ hash, packed: packRow(values) }));
    for (const { hash, packed } of stored) this.remember(hash, packed);
    try {
      await this.cache.write(this.featureKey, this.mode, stored);
      return true;
    } catch (error) {
      const isFull = error instanceof RemoteError && error.code === 'disk-full';
      if (isFull && rows.every(({ hash }) => this.memory.has(hash))) return false;
      throw error;
    }
  }

  /**
   * @returns float32 [hashes.length, featureLength], row major, in the order asked for; rounded to half precision.
   * @throws RemoteError 'features-missing' when one has none.
   */
  async gather(hashes: readonly ContentHash[]): Promise<Float32Array> {
    const rows = new Float32Array(hashes.length * this.featureLength);
    const place = (index: number, packed: PackedRow) => {
      beat();
      rows.set(unpackRow(packed), index * this.featureLength);
    };
    const onDisk: { hash: ContentHash; index: number }[] = [];
    hashes.forEach((hash, index) => {
      const packed = this.memory.get(hash);
      if (packed === undefined) onDisk.push({ hash, index });
      else place(index, packed);
    });
    if (onDisk.length === 0) return rows;
    const read = await this.cache.read(
      this.featureKey,
      this.mode,
      onDisk.map(({ hash }) => hash),
    );
    let missingCount = 0;
    onDisk.forEach(({ hash, index }, position) => {
      const found = read[position];
      // A row of another length cannot be of this backbone; it counts as not there.
      if (found?.length !== this.featureLength) {
        missingCount += 1;
        return;
      }
      // Rows of earlier versions lie on disk as float32.
      const packed = found instanceof Float32Array ? packRow(found) : found;
      place(index, packed);
      this.remember(hash, packed);
    });
    if (missingCount > 0) {
      throw new RemoteError('features-missing', `${missingCount} of ${hashes.length} images have no features yet.`);
    }
    return rows;
  }

  /**
   * The stores of the views of a plan, by view index. Views of another plan are forgotten on disk and in memory: every
   * move of a slider makes new ones.
   */
  async ofViews(plan: ViewPlan): Promise<readonly FeatureStore[]> {
    const prefix = `${this.featureKey}+views:`;
    const key = `${prefix}${viewPlanKey(plan)}/`;
    const known = this.views?.key === key ? this.views.stores : [];
    if (known.length === 0) await this.cache.forgetKeys(prefix, key);
    const bytes = this.memoryBytes / MOST_VIEWS;
    const more = Array.from({ length: Math.max(0, plan.viewCount - known.length) }, (_, index) => {
      const viewIndex = known.length + index;
      return new FeatureStore(this.cache, `${key}${viewIndex}`, this.mode, this.featureLength, bytes);
    });
    const stores = [...known, ...more];
    this.views = { key, stores };
    return stores.slice(0, plan.viewCount);
  }

  /** Drops rows from memory; the disk is the cache's own matter. */
  forget(hashes: ReadonlySet<ContentHash>): void {
    for (const hash of hashes) {
      this.heldBytes -= this.memory.get(hash)?.byteLength ?? 0;
      this.memory.delete(hash);
    }
    for (const view of this.views?.stores ?? []) view.forget(hashes);
  }

  private remember(hash: ContentHash, packed: PackedRow): void {
    const heldBytes = this.heldBytes - (this.memory.get(hash)?.byteLength ?? 0) + packed.byteLength;
    if (heldBytes > this.memoryBytes) return;
    this.memory.set(hash, packed);
    this.heldBytes = heldBytes;
  }
}
