import type { BackboneManifest } from './backbone.ts';

/** Multiply-adds of one 224 px image at width 1.0, in millions, as the papers and their code state them. */
const MEGA_MACS: readonly { readonly family: RegExp; readonly megaMacs: number; readonly growsWithWidth: boolean }[] = [
  { family: /mobilenet[-_ ]?v1/i, megaMacs: 569, growsWithWidth: true },
  { family: /mobilenet[-_ ]?v2/i, megaMacs: 300, growsWithWidth: true },
  { family: /mobilenet[-_ ]?v3/i, megaMacs: 219, growsWithWidth: false },
  { family: /resnet[-_ ]?18/i, megaMacs: 1814, growsWithWidth: false },
  { family: /resnet[-_ ]?34/i, megaMacs: 3664, growsWithWidth: false },
  { family: /resnet[-_ ]?50/i, megaMacs: 4089, growsWithWidth: false },
  { family: /vgg[-_ ]?16/i, megaMacs: 15_470, growsWithWidth: false },
];

const SIDE = 224;

/**
 * Roughly what one image costs, in millions of multiply-adds: for the order of a list and the time it may take, nothing
 * else. Reads family and width from id and name.
 * @returns null for a network of no known family.
 */
export function estimatedMegaMacs({ id, name, family, inputSide }: BackboneManifest): number | null {
  const text = `${family} ${id} ${name}`;
  const known = MEGA_MACS.find((entry) => entry.family.test(text));
  if (known === undefined) return null;
  const width = known.growsWithWidth ? Number(/[-_ v]([01]\.\d+)/.exec(`${id} ${name}`)?.[1] ?? 1) : 1;
  // Channels come in on both sides of nearly every product.
  return known.megaMacs * width ** 2 * (inputSide / SIDE) ** 2;
}

/** What is known of a network's speed here: measured before, or to be guessed from the one in use. */
export interface KnownSpeeds {
  /** ms per image measured on this device, by id. */
  readonly measuredMs: ReadonlyMap<string, number>;
  /** The network in use and its ms per image; null before one is loaded. */
  readonly inUse: { readonly manifest: BackboneManifest; readonly msPerImage: number } | null;
}

/** Loading, timing and the quick heads of one candidate, roughly. */
const FIXED_SECONDS = 6;
/** Decoding and reading back, beside the network itself. */
const EXTRA_MS_PER_IMAGE = 6;

/** Seconds a network may take in a comparison, without a download; null when its speed cannot be guessed. */
export function estimatedSeconds(manifest: BackboneManifest, imageCount: number, speeds: KnownSpeeds): number | null {
  const ms = speeds.measuredMs.get(manifest.id) ?? guessedMs(manifest, speeds.inUse);
  return ms === null ? null : FIXED_SECONDS + (imageCount * (ms + EXTRA_MS_PER_IMAGE)) / 1000;
}

function guessedMs(manifest: BackboneManifest, inUse: KnownSpeeds['inUse']): number | null {
  if (inUse === null) return null;
  if (inUse.manifest.id === manifest.id) return inUse.msPerImage;
  const cost = estimatedMegaMacs(manifest);
  const known = estimatedMegaMacs(inUse.manifest);
  return cost === null || known === null ? null : (inUse.msPerImage * cost) / known;
}
