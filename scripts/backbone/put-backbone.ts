import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackboneEntry, BackboneManifest } from '../../src/domain/backbone.ts';
import {
  fetchModelFiles,
  hashModelFiles,
  type ModelFiles,
  modelFilesBytes,
  type OnBytes,
  parseModelJson,
  withOneBinary,
} from '../../src/engine/model-files.ts';
import { readAnyModel } from '../../src/graph/read-any-model.ts';
import { type ReadGraph, readModel } from '../../src/graph/read-model.ts';
import { listBackbones } from '../vite/graft-server.ts';

/** Files of one network as they are written, and what is written about them. */
interface HostedNetwork {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: BackboneManifest;
}

/**
 * Downloads a network from its official source and puts it into a folder for self-hosting: `<dir>/<id>/` with its files and
 * `backbone.json`, and its line in `<dir>/self-hosted.json`. A network that is there already is replaced once the new one is whole.
 *
 * @param entry one with addresses; they are tried in order, and one whose network cannot be read gives way to the next.
 * @returns what was written about it.
 * @throws Error with the reason of every address; nothing was written then.
 */
export async function putBackbone(entry: BackboneEntry, dir: string, onBytes: OnBytes): Promise<BackboneManifest> {
  const reasons: string[] = [];
  for (const url of entry.urls) {
    try {
      const network = await download(url, entry, onBytes);
      write(network, dir);
      return network.manifest;
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(reasons.join('\n'));
}

async function download(url: string, { manifest, facts }: BackboneEntry, onBytes: OnBytes): Promise<HostedNetwork> {
  const fetched = await fetchModelFiles(url, manifest.sizeBytes, onBytes, new AbortController().signal);
  if (manifest.sha256 !== undefined && manifest.sha256 !== (await hashModelFiles(fetched))) {
    throw new Error(`The files at ${url} are not the ones they should be.`);
  }
  const { graph, files } = read(fetched, manifest);
  if (facts !== undefined && graph.featureLength !== facts.featureLength) {
    throw new Error(
      `The network at ${url} gives ${graph.featureLength} features; ${facts.featureLength} were expected.`,
    );
  }
  const sha256 = await hashModelFiles(files);
  const written = { ...manifest, sha256, sizeBytes: modelFilesBytes(files) };
  return files.kind === 'single'
    ? { files: new Map([[files.name, new Uint8Array(files.bytes)]]), manifest: { ...written, file: files.name } }
    : {
        files: new Map([
          ['model.json', files.modelBytes],
          ['weights.bin', new Uint8Array(files.weightData)],
        ]),
        manifest: written,
      };
}

/** Only a network that the page will be able to read is kept. */
function read(files: ModelFiles, manifest: BackboneManifest): { graph: ReadGraph; files: ModelFiles } {
  if (files.kind === 'single') {
    return { graph: readAnyModel({ kind: 'files', files: [files] }, manifest).graph, files };
  }
  // It has a list of weights: without one its binaries could not have been fetched.
  const model = parseModelJson(files.modelBytes) as { readonly weightsManifest: unknown };
  return { graph: readModel(model, files.weightData, manifest), files: withOneBinary(model, files.weightData) };
}

function write({ files, manifest }: HostedNetwork, dir: string): void {
  mkdirSync(dir, { recursive: true });
  // Filled beside its place and moved there whole: an interruption leaves the old network, and a server sees no half one.
  const filling = mkdtempSync(join(dir, '.filling-'));
  try {
    for (const [name, bytes] of files) writeFileSync(join(filling, name), bytes);
    writeFileSync(join(filling, 'backbone.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    rmSync(join(dir, manifest.id), { recursive: true, force: true });
    renameSync(filling, join(dir, manifest.id));
  } finally {
    if (existsSync(filling)) rmSync(filling, { recursive: true });
  }
  writeFileSync(join(dir, 'self-hosted.json'), `${JSON.stringify(listBackbones(dir), null, 2)}\n`);
}
