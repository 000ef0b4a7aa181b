import type { DroppedFile } from '../files/dropped-file.ts';
import type { ImportTarget } from './commands.ts';
import type { CommandContext } from './context.ts';
import { importFiles } from './import-images.ts';
import { bringNetwork } from './own-network.ts';
import { setAsideNetwork, unlessEmpty } from './set-aside-network.ts';

/** Imports photos; a network that lies among the files is offered afterwards instead of being listed as no image. */
export async function importOrBring(
  ctx: CommandContext,
  dropped: AsyncIterable<DroppedFile>,
  target: ImportTarget,
): Promise<void> {
  const { files, network } = setAsideNetwork(dropped);
  const photos = await unlessEmpty(files);
  // Files that are none, or an empty folder, still get their summary from the import.
  if (photos !== null || network().length === 0) await importFiles(ctx, photos ?? none(), target);
  const found = network();
  if (found.length > 0) await bringNetwork(ctx, each(found));
}

async function* none(): AsyncGenerator<DroppedFile> {}

async function* each(files: readonly DroppedFile[]): AsyncGenerator<DroppedFile> {
  yield* files;
}
