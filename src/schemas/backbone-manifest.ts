import * as v from 'valibot';
import type { BackboneManifest } from '../domain/backbone.ts';
import { parseAs } from './checked.ts';
import { contentHash, count, text } from './fields.ts';

/** Also a folder name and part of an address: no slashes, no leading dot. */
const backboneId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, 'not usable as a folder name'));

/** A name in the network's own folder that tells its format. */
const fileName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/, 'not usable as a file name'),
  v.regex(/\.(json|safetensors|h5|hdf5)$/, 'must end with .json, .safetensors or .h5'),
);

const manifestSchema = v.object({
  id: backboneId,
  name: v.pipe(text(200), v.minLength(1)),
  family: v.optional(text(100), 'unknown'),
  inputSide: v.pipe(count, v.minValue(16), v.maxValue(1024)),
  pixels: v.picklist(['[-1,1]', '[0,1]', '0-255', 'imagenet', 'caffe', 'teachable-machine']),
  featureLayer: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(500))), null),
  licence: v.optional(text(200), 'not stated'),
  source: v.optional(text(500), 'not stated'),
  sha256: v.optional(contentHash),
  sizeBytes: v.optional(count, 0),
  file: v.optional(fileName),
});

const indexSchema = v.object({ bundled: v.pipe(v.array(manifestSchema), v.maxLength(1000)) });

/** Self-hosted manifests that can be used, and what is wrong with the others. */
export interface SelfHostedBackbones {
  readonly manifests: readonly BackboneManifest[];
  readonly problems: readonly string[];
}

/**
 * Reads a `backbone.json`. Licence, source and size may be missing.
 * @throws CodedError 'file-unreadable'
 */
export function readBackboneManifest(raw: unknown): BackboneManifest {
  return withoutUndefined(parseAs(manifestSchema, raw, 'backbone.json'));
}

/**
 * Reads `backbones/index.json`, which set-up writes.
 * @throws CodedError 'file-unreadable'
 */
export function readBundledBackbones(raw: unknown): readonly BackboneManifest[] {
  return parseAs(indexSchema, raw, 'backbones/index.json').bundled.map(withoutUndefined);
}

/** Reads `backbones/self-hosted.json`: one bad manifest does not hide the others, of two with one id the first stays. */
export function readSelfHostedBackbones(raw: unknown): SelfHostedBackbones {
  const list = v.safeParse(v.pipe(v.array(v.unknown()), v.maxLength(1000)), raw);
  if (!list.success) return { manifests: [], problems: ['self-hosted.json: not a list'] };
  const manifests = new Map<string, BackboneManifest>();
  const problems: string[] = [];
  for (const [index, entry] of list.output.entries()) {
    const parsed = v.safeParse(manifestSchema, entry, { abortEarly: true });
    if (!parsed.success) problems.push(`self-hosted.json, entry ${index + 1}: ${parsed.issues[0].message}`);
    else if (manifests.has(parsed.output.id)) problems.push(`self-hosted.json: ${parsed.output.id} is there twice`);
    else manifests.set(parsed.output.id, withoutUndefined(parsed.output));
  }
  return { manifests: [...manifests.values()], problems };
}

function withoutUndefined({ sha256, file, ...rest }: v.InferOutput<typeof manifestSchema>): BackboneManifest {
  return { ...rest, ...(sha256 === undefined ? {} : { sha256 }), ...(file === undefined ? {} : { file }) };
}
