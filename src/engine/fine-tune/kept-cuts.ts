import type { ViewPlan } from '../../domain/augmented-view.ts';
import type { ContentHash } from '../../domain/dataset.ts';
import type { Workplace } from '../session.ts';
import { ActivationMemory } from './activation-memory.ts';
import { ActivationStore, activationBytes, type SpillFile } from './activation-store.ts';
import type { Cut } from './cut.ts';

/** Values at a cut. */
export interface KeptActivations {
  readonly cut: Cut;
  readonly store: ActivationStore;
}

/** What decides whether values at a cut are of any use: network, its features' version, and how images are made square. */
type Place = Pick<Workplace['backbone'], 'featureKey'> & Pick<Workplace['store'], 'mode'>;

/**
 * Values at the cuts of one network: of as many cuts as memory has room for, so that a search may go from one to another.
 * The cut used longest ago makes room for others; one alone goes on in its scratch file.
 */
export class KeptCuts {
  /** The one used last comes last. */
  private kept: readonly KeptActivations[] = [];
  private place = '';

  constructor(
    private readonly openSpill: () => Promise<SpillFile>,
    private readonly memory = new ActivationMemory(),
  ) {}

  /** Bytes of memory that all cuts together may take. */
  get memoryBytes(): number {
    return this.memory.limitBytes;
  }

  /** The store of a cut, empty at first. What belongs to another network or mode is dropped. */
  storeFor(place: Place, cut: Cut): ActivationStore {
    this.moveTo(place);
    const key = `${this.place}\n${cut.upper.cutNode}`;
    const known = this.kept.find(({ store }) => store.key === key);
    const own = known ?? {
      cut,
      store: new ActivationStore(key, cut.lower.featureLength, this.openSpill, this.memory),
    };
    this.kept = [...this.kept.filter((other) => other !== own), own];
    return own.store;
  }

  /** The stores that have the rows of so many stages or of more, those with the fewest stages first. */
  below(place: Place, stageCount: number): readonly KeptActivations[] {
    this.moveTo(place);
    return this.kept
      .filter(({ cut }) => cut.stageCount >= stageCount)
      .toSorted((one, other) => one.cut.stageCount - other.cut.stageCount);
  }

  /** Lets other cuts go until there is room for so many rows more, the one used longest ago first. */
  makeRoom(store: ActivationStore, rowCount: number): void {
    const wantedBytes = rowCount * activationBytes(store.rowLength);
    while (this.memory.freeBytes < wantedBytes) {
      const oldest = this.kept.find((other) => other.store !== store);
      if (oldest === undefined) return;
      this.close([oldest]);
    }
  }

  forget(hashes: ReadonlySet<ContentHash>): void {
    for (const { store } of this.kept) store.forget(hashes);
  }

  /** Drops views that another plan made, at all cuts. */
  keepViewsOf(plan: Omit<ViewPlan, 'viewCount'>): void {
    for (const { store } of this.kept) store.keepViewsOf(plan);
  }

  private moveTo({ featureKey, mode }: Place): void {
    const place = `${featureKey}\n${mode}`;
    if (place === this.place) return;
    this.close(this.kept);
    this.place = place;
  }

  private close(gone: readonly KeptActivations[]): void {
    for (const { store } of gone) store.close();
    this.kept = this.kept.filter((other) => !gone.includes(other));
  }
}
