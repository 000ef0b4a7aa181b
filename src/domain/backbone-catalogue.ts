import type { BackboneEntry, BackboneManifest } from './backbone.ts';

/** The official network proposed where nothing better is at hand. */
export const RECOMMENDED_BACKBONE_ID = 'mobilenet-v2-1.0';

const TEACHABLE_MACHINE = 'https://storage.googleapis.com/teachable-machine-models';
const TFJS_MODELS = 'https://storage.googleapis.com/tfjs-models';
const KAGGLE = 'https://www.kaggle.com/models/google';

/** Networks downloaded from their makers, best first. Sizes are approximate until downloaded. */
export const OFFICIAL_BACKBONES: readonly BackboneEntry[] = [
  official(
    {
      id: RECOMMENDED_BACKBONE_ID,
      name: 'MobileNet v2 1.0',
      family: 'mobilenet-v2',
      pixels: '[0,1]',
      featureLayer: null,
      source: 'Google, MobileNet v2 1.0, 224 px, feature vector, trained on ImageNet',
      sizeBytes: 9_100_000,
    },
    [
      `${KAGGLE}/mobilenet-v2/TfJs/100-224-feature-vector/3/model.json?tfjs-format=file`,
      `${TFJS_MODELS}/savedmodel/mobilenet_v2_1.0_224/model.json`,
    ],
  ),
  official(
    {
      id: 'mobilenet-v2-0.35',
      name: "MobileNet v2 0.35 (Teachable Machine's)",
      family: 'mobilenet-v2',
      pixels: '[-1,1]',
      featureLayer: 'out_relu',
      source: 'Google, MobileNet v2 0.35, 224 px, Keras weights without top, trained on ImageNet',
      sizeBytes: 1_730_000,
    },
    [`${TEACHABLE_MACHINE}/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top/model.json`],
  ),
  official(
    {
      id: 'mobilenet-v1-1.0',
      name: 'MobileNet v1 1.0',
      family: 'mobilenet-v1',
      pixels: '[-1,1]',
      featureLayer: 'conv_pw_13_relu',
      source: 'Google, MobileNet v1 1.0, 224 px, trained on ImageNet',
      sizeBytes: 17_000_000,
    },
    [`${TFJS_MODELS}/tfjs/mobilenet_v1_1.0_224/model.json`],
  ),
];

type OfficialFacts = Omit<BackboneManifest, 'inputSide' | 'licence'>;

function official(facts: OfficialFacts, urls: readonly string[]): BackboneEntry {
  return { manifest: { ...facts, inputSide: 224, licence: 'Apache-2.0' }, origin: 'official', urls };
}

/** A network to try, and one sentence on why it comes at this place. */
export interface BackboneChoice {
  readonly entry: BackboneEntry;
  readonly reason: string;
}

/**
 * The order in which networks are tried at start: the one wanted, self-hosted ones, cached ones,
 * ones to be downloaded, and the bundled one as the last resort. Every entry appears once.
 *
 * @param wantedId the network the project was made with, or the user's last choice; null when there is none.
 * @param entries all networks known, official ones in their order of preference.
 * @param cachedIds official networks whose files are already in this browser.
 */
export function orderBackbones(
  wantedId: string | null,
  entries: readonly BackboneEntry[],
  cachedIds: readonly string[],
): readonly BackboneChoice[] {
  const of = (origin: BackboneEntry['origin']) => entries.filter((entry) => entry.origin === origin);
  const cached = new Set(cachedIds);
  const isCached = ({ manifest }: BackboneEntry) => cached.has(manifest.id);
  const choices = [
    ...because(
      entries.filter(({ manifest }) => manifest.id === wantedId),
      'It is the one in use last time, so features already computed stay valid.',
    ),
    ...because(of('self-hosted').toSorted(byPreference), 'It lies beside this page, so nothing has to be downloaded.'),
    ...because(of('official').filter(isCached), 'It was downloaded before and is kept in this browser.'),
    ...because(
      of('official').filter((entry) => !isCached(entry)),
      'It comes from its official source.',
    ),
    ...because(of('bundled'), 'It comes with Graft and works without a network.'),
  ];
  return choices.filter(({ entry }, index) => choices.findIndex((other) => other.entry === entry) === index);
}

function because(entries: readonly BackboneEntry[], reason: string): BackboneChoice[] {
  return entries.map((entry) => ({ entry, reason }));
}

/** MobileNet v2 before others, then the larger, then by id backwards: sizes may be unknown, and 1.0 is better than 0.35. */
function byPreference({ manifest: a }: BackboneEntry, { manifest: b }: BackboneEntry): number {
  const rank = (manifest: BackboneManifest) => (manifest.family === 'mobilenet-v2' ? 0 : 1);
  return rank(a) - rank(b) || b.sizeBytes - a.sizeBytes || (a.id < b.id ? 1 : -1);
}
