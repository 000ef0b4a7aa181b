import type { DroppedFile } from '../files/dropped-file.ts';
import type { ImportState } from '../state/app-state.ts';
import type { ImportTarget } from './commands.ts';
import type { CommandContext } from './context.ts';
import { importFiles } from './import-images.ts';
import type { Outcome } from './job.ts';
import { bringNetwork } from './own-network.ts';
import { setAsideNetwork, unlessEmpty } from './set-aside-network.ts';

/**
 * Imports photos; a backbone that lies among the files is offered afterwards instead of being listed as no image.
 * @returns null when there was nothing but a backbone.
 */
export async function importOrBring(
  ctx: CommandContext,
  dropped: AsyncIterable<DroppedFile>,
  target: ImportTarget,
): Promise<Outcome<ImportState> | null> {
  const askedIn = ctx.store.getState().project?.id;
  const { files, network } = setAsideNetwork(dropped);
  const photos = await unlessEmpty(files);
  if (askedIn !== undefined && ctx.store.getState().project?.id !== askedIn) {
    return {
      kind: 'cancelled',
      reason: 'No image was added because another project was opened. Add these files again.',
    };
  }
  // Files that are none, or an empty folder, still get their summary from the import.
  const isImport = photos !== null || network().length === 0;
  const outcome = isImport ? await importFiles(ctx, photos ?? none(), target) : null;
  const found = network();
  if (found.length > 0) await bringNetwork(ctx, each(found));
  return outcome;
}

async function* none(): AsyncGenerator<DroppedFile> {}

async function* each(files: readonly DroppedFile[]): AsyncGenerator<DroppedFile> {
  yield* files;
}
