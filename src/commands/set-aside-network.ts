import { isJunkPath } from '../domain/labels-from-paths.ts';
import { firstNetworkOf, networkPartOf } from '../domain/network-files.ts';
import type { DroppedFile } from '../files/dropped-file.ts';

/** Photos to import, and a network that lay among them. */
export interface SortedDrop {
  /** To be read to the end before `network` is asked. Files of a network that is not whole come last. */
  readonly files: AsyncIterable<DroppedFile>;
  /** The files of the first network; empty when there is none. */
  network(): readonly DroppedFile[];
}

/** Takes the files of a network out of what was dropped, so that they are offered instead of listed as no images. */
export function setAsideNetwork(dropped: AsyncIterable<DroppedFile>): SortedDrop {
  let network: readonly DroppedFile[] = [];
  async function* photos(): AsyncGenerator<DroppedFile> {
    const aside: DroppedFile[] = [];
    for await (const file of dropped) {
      const isPart = file.problem === undefined && !isJunkPath(file.path) && networkPartOf(file.path) !== null;
      if (isPart) aside.push(file);
      else yield file;
    }
    const paths = new Set(firstNetworkOf(aside.map(({ path }) => path)));
    network = aside.filter(({ path }) => paths.has(path));
    yield* aside.filter(({ path }) => !paths.has(path));
  }
  return { files: photos(), network: () => network };
}

/** @returns the same files, or null when there are none: an import of nothing needs no summary. */
export async function unlessEmpty(files: AsyncIterable<DroppedFile>): Promise<AsyncIterable<DroppedFile> | null> {
  const reader = files[Symbol.asyncIterator]();
  const first = await reader.next();
  if (first.done === true) return null;
  return (async function* () {
    yield first.value;
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) yield next.value;
  })();
}
