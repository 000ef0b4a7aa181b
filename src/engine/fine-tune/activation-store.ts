import type { ContentHash } from '../../domain/dataset.ts';
import { float16ToFloat32 } from '../../graph/weights/float16.ts';
import { RemoteError } from '../../rpc/remote-error.ts';
import { float32ToFloat16 } from './half.ts';

/** A scratch file for what memory has no room for. */
export interface SpillFile {
  /** @throws RemoteError 'disk-full'. */
  write(bytes: Uint8Array<ArrayBuffer>, at: number): void;
  read(bytes: Uint8Array<ArrayBuffer>, at: number): void;
  /** Closes it and gives its space back. */
  close(): void;
}

/** Activations kept in memory; 12,000 images of 14 x 14 x 96. */
const MEMORY_BYTES = 448 * 1024 * 1024;

/** Bytes of one image's activations as they are kept. */
export function activationBytes(rowLength: number): number {
  return rowLength * Uint16Array.BYTES_PER_ELEMENT;
}

/**
 * What the frozen part of a network makes of every image, as half-precision numbers: in memory as long as there is room,
 * then in a scratch file. Gone when the page is closed: it is cheap to make again and large to keep.
 */
export class ActivationStore {
  private readonly memory = new Map<ContentHash, Uint16Array>();
  private readonly onDisk = new Map<ContentHash, number>();
  private readonly memoryRowCount: number;
  private spill: Promise<SpillFile> | null = null;
  private file: SpillFile | null = null;
  private diskRowCount = 0;

  /**
   * @param key names the values: network, cut, resize mode, and the view of the image where there are several.
   * @param rowLength numbers of one image.
   */
  constructor(
    readonly key: string,
    readonly rowLength: number,
    private readonly openSpill: () => Promise<SpillFile>,
    memoryBytes = MEMORY_BYTES,
  ) {
    this.memoryRowCount = Math.floor(memoryBytes / activationBytes(rowLength));
  }

  /** @returns those without activations, each once, in order. */
  missing(hashes: readonly ContentHash[]): ContentHash[] {
    return [...new Set(hashes)].filter((hash) => !this.memory.has(hash) && !this.onDisk.has(hash));
  }

  /** @param values float32 [rowLength]. @throws RemoteError 'disk-full'. */
  async put(rows: readonly { readonly hash: ContentHash; readonly values: Float32Array }[]): Promise<void> {
    for (const { hash, values } of rows) {
      if (this.missing([hash]).length === 0) continue;
      const halves = float32ToFloat16(values);
      if (this.memory.size < this.memoryRowCount) this.memory.set(hash, halves);
      else await this.toDisk(hash, halves);
    }
  }

  /**
   * @returns float32 [hashes.length, rowLength], row major, in the order asked for.
   * @throws RemoteError 'features-missing' when one has none.
   */
  gather(hashes: readonly ContentHash[]): Float32Array {
    const rows = new Float32Array(hashes.length * this.rowLength);
    hashes.forEach((hash, index) => {
      rows.set(float16ToFloat32(this.memory.get(hash) ?? this.fromDisk(hash)), index * this.rowLength);
    });
    return rows;
  }

  /** Drops rows; space in the scratch file comes back when it is closed. */
  forget(hashes: ReadonlySet<ContentHash>): void {
    for (const hash of hashes) {
      this.memory.delete(hash);
      this.onDisk.delete(hash);
    }
  }

  close(): void {
    this.memory.clear();
    this.onDisk.clear();
    this.file?.close();
    this.file = null;
  }

  private async toDisk(hash: ContentHash, halves: Uint16Array): Promise<void> {
    this.spill ??= this.openSpill();
    this.file = await this.spill;
    const bytes = new Uint8Array(halves.buffer as ArrayBuffer);
    this.file.write(bytes, this.diskRowCount * bytes.byteLength);
    this.onDisk.set(hash, this.diskRowCount);
    this.diskRowCount += 1;
  }

  private fromDisk(hash: ContentHash): Uint16Array {
    const row = this.onDisk.get(hash);
    if (row === undefined || this.file === null) {
      throw new RemoteError('features-missing', 'An image has not been prepared for fine-tuning yet.');
    }
    const halves = new Uint16Array(this.rowLength);
    this.file.read(new Uint8Array(halves.buffer), row * halves.byteLength);
    return halves;
  }
}
