import { prepareBundledBackbone } from './prepare-backbone.ts';
import { prepareSamples } from './prepare-samples.ts';

/** Makes what the page serves but the repository does not hold: the bundled backbone and the sample drawings. */
export async function prepare(root: string): Promise<void> {
  await prepareBundledBackbone(root);
  await prepareSamples(root);
}
