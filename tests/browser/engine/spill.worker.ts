import { ActivationMemory } from '../../../src/engine/fine-tune/activation-memory.ts';
import { ActivationStore, activationBytes } from '../../../src/engine/fine-tune/activation-store.ts';
import { openSpillFile } from '../../../src/engine/fine-tune/spill-file.ts';

const ROW_LENGTH = 1000;
const ROW_COUNT = 40;
const name = (row: number) => `image-${row}`;
const valuesOf = (row: number) => Float32Array.from({ length: ROW_LENGTH }, (_, index) => row + (index % 8) / 8);

/** Size of every scratch file, bytes; null for one that is locked. */
async function fileBytes(): Promise<readonly (number | null)[]> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('graft-activations');
  const sizes: (number | null)[] = [];
  for await (const handle of folder.values()) {
    if (handle.kind !== 'file') continue;
    const access = await (handle as FileSystemFileHandle).createSyncAccessHandle().catch(() => null);
    sizes.push(access?.getSize() ?? null);
    access?.close();
  }
  return sizes;
}

/** Keeps rows of which memory has room for four, in the browser's private file system, and tells what became of them. */
async function spill() {
  const store = new ActivationStore(
    'key',
    ROW_LENGTH,
    openSpillFile,
    new ActivationMemory(4 * activationBytes(ROW_LENGTH)),
  );
  const rows = Array.from({ length: ROW_COUNT }, (_, row) => row);
  await store.put(rows.map((row) => ({ name: name(row), values: valuesOf(row) })));
  const second = new ActivationStore('key', ROW_LENGTH, openSpillFile, new ActivationMemory(0));
  await second.put([{ name: name(0), values: valuesOf(99) }]);
  const whileOpen = await fileBytes();
  const asked = rows.toReversed();
  const given = store.gather(asked.map(name));
  const areRight = asked.every((row, at) =>
    valuesOf(row).every((value, index) => given[at * ROW_LENGTH + index] === value),
  );
  const secondFirst = second.gather([name(0)])[0];
  store.close();
  second.close();
  return { areRight, secondFirst, whileOpen, afterwards: await fileBytes() };
}

self.addEventListener('message', () => {
  void spill().then(
    (outcome) => self.postMessage(outcome),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
});
