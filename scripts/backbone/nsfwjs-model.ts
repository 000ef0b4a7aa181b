import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The network inside the package: its `model.json` and its binaries joined in manifest order. */
export interface PackagedModel {
  readonly modelJson: PackagedJson;
  readonly weightData: ArrayBuffer;
}

/** The parts of a tfjs graph model that are looked at here. */
interface PackagedJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly PackagedTensor[];
  }[];
}

export interface PackagedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly quantization?: { readonly dtype: 'uint8' | 'uint16'; readonly min: number; readonly scale: number };
}

function packageDir(root: string): string {
  return join(root, 'node_modules', 'nsfwjs');
}

/** Version of the installed package. */
export function packagedVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(packageDir(root), 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Reads the MobileNet v2 1.4 that `nsfwjs` carries as script modules: the JSON as an object, the binaries as base64. */
export function readPackagedModel(root: string): PackagedModel {
  const dir = join(packageDir(root), 'dist', 'models', 'mobilenet_v2_mid');
  const load = createRequire(join(dir, 'model.min.js'));
  // The shape is the package's; `readModel` checks all of it again.
  const modelJson = load('./model.min.js') as PackagedJson;
  const parts = modelJson.weightsManifest
    .flatMap((group) => group.paths)
    .map((path) => Buffer.from(load(`./${path}.min.js`) as string, 'base64'));
  const joined = Buffer.concat(parts);
  return { modelJson, weightData: new Uint8Array(joined).buffer };
}
