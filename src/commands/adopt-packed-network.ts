import { CodedError } from '../domain/coded-error.ts';
import type { PackedNetwork } from '../files/write-project-file.ts';
import type { CommandContext } from './context.ts';
import { errorText } from './error-text.ts';
import { notify } from './notices.ts';
import { adoptNetwork, ownNetworkId } from './own-network.ts';

/** A network as a project file brings it; `files` is null when they are damaged. */
interface ArrivedNetwork {
  readonly manifest: PackedNetwork['manifest'];
  readonly files: PackedNetwork['files'] | null;
}

/**
 * Keeps a network that came with a project file, unless it is here already. One that is damaged or not what it says is
 * left out with a notice: the project opens all the same.
 */
export async function adoptPackedNetwork(ctx: CommandContext, { manifest, files }: ArrivedNetwork): Promise<void> {
  const { sha256, name } = manifest;
  try {
    // The id is made of the contents and how they are read. Any other could stand for a network that is here already.
    const isItself = sha256 !== undefined && (await ownNetworkId(sha256, manifest)) === manifest.id;
    if (!isItself || files === null) throw new CodedError('backbone-corrupt', 'damaged in the project file');
    const { entries, cachedIds } = ctx.store.getState().backbones;
    const isHere = entries.some((entry) => entry.manifest.id === manifest.id && cachedIds.includes(manifest.id));
    if (!isHere) await adoptNetwork(ctx, files, manifest);
  } catch (error) {
    const { title } = errorText(error);
    notify(
      ctx.store,
      'warning',
      `The network ${name} in the project file could not be kept.`,
      `${title} Everything else of the file is here. Ask for the file again, or bring the network under Backbone.`,
    );
  }
}
