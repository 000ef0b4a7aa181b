import { corrupt, unsupported } from '../graph-error.ts';
import {
  field,
  isRecord,
  type JsonRecord,
  parseJson,
  requireList,
  requireRecord,
  requireText,
} from '../json-fields.ts';
import type { NamedBytes } from '../model-proposal.ts';
import { isTeachableMachineMetadata } from '../read-teachable-machine.ts';
import { decodeUtf8 } from '../utf8.ts';

/** A tfjs model among the files a user chose. */
export interface TfjsFiles {
  /** The name of its folder, or of the file where there is none. */
  readonly title: string;
  readonly model: JsonRecord;
  /** The binaries in the order of the manifest. */
  readonly shards: readonly ArrayBuffer[];
  /** Teachable Machine's, where it lies beside the model. */
  readonly metadata: JsonRecord | null;
}

/** Those of the largest networks that can be run have 2 MB; parsed, 16 MB take up to five times as much. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;
const MAX_SHARDS = 2000;

interface JsonFile {
  readonly name: string;
  readonly value: unknown;
}

/**
 * Picks `model.json`, its binaries and a `metadata.json` out of the files.
 *
 * @throws GraphError when there is no model or more than one, or when a binary it lists is not among the files.
 */
export function findTfjsFiles(files: readonly NamedBytes[]): TfjsFiles {
  const jsons = files.filter(({ name }) => name.toLowerCase().endsWith('.json')).map(parseFile);
  const models = jsons.filter(({ value }) => isRecord(value) && field(value, 'modelTopology') !== undefined);
  const [only] = models;
  if (only === undefined) throw unsupported(whyNone(jsons));
  if (models.length > 1) throw unsupported(`There are ${models.length} models among the files; choose one of them.`);
  const model = requireRecord(only.value, only.name);
  const folder = folderOf(only.name);
  const metadata = jsons.find(
    ({ name, value }) => folderOf(name) === folder && isTeachableMachineMetadata(value),
  )?.value;
  return {
    title: titleOf(only.name),
    model,
    shards: findShards(model, folder, files),
    metadata: isTeachableMachineMetadata(metadata) ? metadata : null,
  };
}

function whyNone(jsons: readonly JsonFile[]): string {
  const [first] = jsons;
  if (first === undefined) return 'There is no model.json, .h5 or .safetensors among the files.';
  return `${first.name} does not describe a network: it has no "modelTopology".`;
}

function parseFile({ name, bytes }: NamedBytes): JsonFile {
  if (bytes.byteLength > MAX_JSON_BYTES)
    throw unsupported(`${name} is larger than 16 MB, too large for a description.`);
  const text = decodeUtf8(new Uint8Array(bytes));
  if (text === null) throw corrupt(`${name} is not a text.`);
  return { name, value: parseJson(text, name) };
}

function findShards(model: JsonRecord, folder: string, files: readonly NamedBytes[]): ArrayBuffer[] {
  const byName = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const byLastName = new Map(files.map(({ name, bytes }) => [lastName(name), bytes]));
  const paths = requireList(field(model, 'weightsManifest'), 'The list of weights').flatMap((group) =>
    requireList(field(requireRecord(group, 'A group of weights'), 'paths'), 'The files of a group'),
  );
  if (paths.length > MAX_SHARDS) throw unsupported(`The model lists more than ${MAX_SHARDS} files.`);
  return paths.map((path) => {
    const text = requireText(path, 'The name of a file with weights');
    const bytes = byName.get(`${folder}${text}`) ?? byLastName.get(lastName(text));
    if (bytes === undefined) throw corrupt(`The file "${text}" is missing; choose it together with model.json.`);
    return bytes;
  });
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** `models/pets/model.json` as "pets"; `pets.json` as "pets". */
function titleOf(name: string): string {
  const [folder] = folderOf(name).split('/').filter(Boolean).slice(-1);
  return folder ?? withoutEnding(name);
}

/** `a/b.c.h5` as "b.c". */
export function withoutEnding(name: string): string {
  return lastName(name).replace(/\.[^.]*$/, '');
}
