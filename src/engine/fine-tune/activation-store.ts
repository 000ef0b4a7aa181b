import type { ViewPlan } from '../../domain/augmented-view.ts';
import { beat } from '../../domain/beat.ts';
import type { ContentHash } from '../../domain/dataset.ts';
import { float16ToFloat32 } from '../../graph/weights/float16.ts';
import { RemoteError } from '../../rpc/remote-error.ts';
import { ActivationMemory } from './activation-memory.ts';
import { float32ToFloat16 } from './half.ts';
import { hashOfRow, isViewOfAnother } from './row-names.ts';

/** A scratch file for what memory has no room for. */
export interface SpillFile {
  /** @throws RemoteError 'disk-full'. */
  write(bytes: Uint8Array<ArrayBuffer>, at: number): void;
  read(bytes: Uint8Array<ArrayBuffer>, at: number): void;
  /** Closes it and gives its space back. */
  close(): void;
}

/** Bytes of one row of activations as they are kept. */
export function activationBytes(rowLength: number): number {
  return rowLength * Uint16Array.BYTES_PER_ELEMENT;
}

/**
 * What the frozen part of a network makes of images and of their changed views, as half-precision numbers: in memory as
 * long as there is room, then in a scratch file. Gone when the page is closed: it is cheap to make again and large to keep.
 * Rows are named by `rowName`.
 */
export class ActivationStore {
  private readonly memory = new Map<string, Uint16Array>();
  private readonly onDisk = new Map<string, number>();
  /** Places in the scratch file whose rows are forgotten. */
  private readonly freeRows: number[] = [];
  private spill: Promise<SpillFile> | null = null;
  private file: SpillFile | null = null;
  private diskRowCount = 0;

  /**
   * @param key names the values: network, cut and resize mode.
   * @param rowLength numbers of one row.
   * @param room in memory, shared with others where they hold the same.
   */
  constructor(
    readonly key: string,
    readonly rowLength: number,
    private readonly openSpill: () => Promise<SpillFile>,
    private readonly room = new ActivationMemory(),
  ) {}

  /** @returns those without activations, each once, in order. */
  missing(names: readonly string[]): string[] {
    return [...new Set(names)].filter((name) => !this.memory.has(name) && !this.onDisk.has(name));
  }

  /** @param values float32 [rowLength]. @throws RemoteError 'disk-full'. */
  async put(rows: readonly { readonly name: string; readonly values: Float32Array }[]): Promise<void> {
    for (const { name, values } of rows) {
      if (this.missing([name]).length === 0) continue;
      const halves = float32ToFloat16(values);
      if (this.room.take(halves.byteLength)) this.memory.set(name, halves);
      else await this.toDisk(name, halves);
    }
  }

  /**
   * @returns float32 [names.length, rowLength], row major, in the order asked for.
   * @throws RemoteError 'features-missing' when one has none.
   */
  gather(names: readonly string[]): Float32Array {
    const rows = new Float32Array(names.length * this.rowLength);
    names.forEach((name, index) => {
      beat();
      rows.set(float16ToFloat32(this.memory.get(name) ?? this.fromDisk(name)), index * this.rowLength);
    });
    return rows;
  }

  /** Drops images and all their views; space in the scratch file is used again, and comes back when it is closed. */
  forget(hashes: ReadonlySet<ContentHash>): void {
    this.drop((name) => hashes.has(hashOfRow(name)));
  }

  /** Drops views that another plan made: every move of a slider makes new ones. */
  keepViewsOf(plan: Omit<ViewPlan, 'viewCount'>): void {
    this.drop((name) => isViewOfAnother(name, plan));
  }

  close(): void {
    this.drop(() => true);
    this.file?.close();
    this.file = null;
  }

  private drop(isUnwanted: (name: string) => boolean): void {
    for (const name of this.memory.keys()) {
      if (!isUnwanted(name)) continue;
      this.memory.delete(name);
      this.room.give(activationBytes(this.rowLength));
    }
    for (const [name, row] of this.onDisk) {
      if (!isUnwanted(name)) continue;
      this.onDisk.delete(name);
      this.freeRows.push(row);
    }
  }

  private async toDisk(name: string, halves: Uint16Array): Promise<void> {
    this.spill ??= this.openSpill().catch((error: unknown) => {
      // Room may have been made by the next attempt.
      this.spill = null;
      throw error;
    });
    this.file = await this.spill;
    const bytes = new Uint8Array(halves.buffer as ArrayBuffer);
    const row = this.freeRows.pop() ?? this.diskRowCount;
    this.file.write(bytes, row * bytes.byteLength);
    this.onDisk.set(name, row);
    this.diskRowCount = Math.max(this.diskRowCount, row + 1);
  }

  private fromDisk(name: string): Uint16Array {
    const row = this.onDisk.get(name);
    if (row === undefined || this.file === null) {
      throw new RemoteError('features-missing', 'An image has not been prepared for fine-tuning yet.');
    }
    const halves = new Uint16Array(this.rowLength);
    this.file.read(new Uint8Array(halves.buffer), row * halves.byteLength);
    return halves;
  }
}
