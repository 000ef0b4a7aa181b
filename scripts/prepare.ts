import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareBundledBackbone } from './prepare-backbone.ts';
import { prepareSamples } from './prepare-samples.ts';

/** Makes what the page serves but the repository does not hold: the bundled backbone and the sample drawings. */
export async function prepare(root: string): Promise<void> {
  await prepareBundledBackbone(root);
  await prepareSamples(root);
  // Whoever hosts networks of their own beside the page lists them here; see README.
  const selfHosted = join(root, 'public/backbones/self-hosted.json');
  if (!existsSync(selfHosted)) writeFileSync(selfHosted, '[]\n');
}
