import { isSameCompression, type MeasuredCompression } from './compression.ts';

/** How weights are made smaller. Raised when a size begins to give other weights: figures of the way before are not shown for it. */
const METHOD = 2;

/** What sizes of a run's model were measured to give. A run's head and stages never change; its network's files can. */
export interface MeasuredSizes {
  readonly method: number;
  readonly networkSha256: string;
  /** In the order they were measured. */
  readonly rows: readonly MeasuredCompression[];
}

/** The network in use, as far as it matters here. */
interface NetworkInUse {
  readonly id: string;
  readonly sha256: string;
}

/** A run, as far as it matters here. */
interface MeasuredRun {
  readonly backbone: { readonly id: string };
  readonly measuredSizes: MeasuredSizes | null;
}

/**
 * What was measured and still holds: nothing where the run's network has other files now, or weights are made smaller in another way.
 * @param network in use; null, or another than the run's, says nothing against what was measured.
 */
export function knownSizes(
  { backbone, measuredSizes }: MeasuredRun,
  network: NetworkInUse | null,
): readonly MeasuredCompression[] {
  if (measuredSizes === null || measuredSizes.method !== METHOD) return [];
  if (network?.id === backbone.id && network.sha256 !== measuredSizes.networkSha256) return [];
  return measuredSizes.rows;
}

/** The same with one more, in place of an earlier figure of its size; what no longer holds goes. */
export function withSize(run: MeasuredRun, network: NetworkInUse, row: MeasuredCompression): MeasuredSizes {
  const others = knownSizes(run, network).filter((other) => !isSameCompression(other.compression, row.compression));
  return { method: METHOD, networkSha256: network.sha256, rows: [...others, row] };
}

/** Without times, which are of the device they were taken on. */
export function withoutTimes(sizes: MeasuredSizes | null): MeasuredSizes | null {
  return sizes === null ? null : { ...sizes, rows: sizes.rows.map((row) => ({ ...row, imageMs: null })) };
}
