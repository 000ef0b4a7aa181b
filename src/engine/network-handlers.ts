import type { Handlers } from '../rpc/calls.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import {
  deleteCachedModel,
  listCachedModels,
  listOwnModels,
  readCachedModel,
  writeCachedModel,
} from './backbone-cache.ts';
import { readBroughtNetwork } from './brought-network.ts';
import type { BroughtFile, EngineCalls } from './contract.ts';

type NetworkCall =
  | 'cachedBackbones'
  | 'inspectNetwork'
  | 'keepNetwork'
  | 'forgetNetwork'
  | 'ownNetworks'
  | 'networkFiles';

/** The calls on networks kept in this browser; none of them touches the device. */
export function networkHandlers(): Pick<Handlers<EngineCalls>, NetworkCall> {
  return {
    cachedBackbones: () => listCachedModels(),

    inspectNetwork: async ({ files }, { signal }) => (await readBroughtNetwork(files, signal)).found,

    keepNetwork: async ({ files, manifest }, { signal }) => {
      const { found, files: kept } = await readBroughtNetwork(files, signal);
      if (manifest.sha256 !== undefined && manifest.sha256 !== found.sha256) {
        throw new RemoteError('backbone-corrupt', `The files of ${manifest.name} are not the ones they should be.`);
      }
      await writeCachedModel(manifest.id, { files: kept, sha256: found.sha256 }, manifest);
      return null;
    },

    forgetNetwork: async ({ id }) => {
      await deleteCachedModel(id);
      return null;
    },

    ownNetworks: () => listOwnModels(),

    networkFiles: ({ id }) => keptFiles(id),
  };
}

async function keptFiles(id: string): Promise<BroughtFile[] | null> {
  const files = (await readCachedModel(id))?.files;
  if (files === undefined) return null;
  if (files.kind === 'single') return [{ name: files.name, blob: new Blob([files.bytes]) }];
  return [
    { name: 'model.json', blob: new Blob([files.modelBytes]) },
    { name: 'weights.bin', blob: new Blob([files.weightData]) },
  ];
}
