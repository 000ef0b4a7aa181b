import type { BackboneEntry, BackboneFacts, BackboneManifest } from './backbone.ts';

/** The official network proposed where nothing better is at hand. */
export const RECOMMENDED_BACKBONE_ID = 'mobilenet-v2-1.0';

const TEACHABLE_MACHINE = 'https://storage.googleapis.com/teachable-machine-models';
const TFJS_MODELS = 'https://storage.googleapis.com/tfjs-models';
const KAGGLE = 'https://www.kaggle.com/models/google';
const TFHUB = 'https://tfhub.dev/google/tfjs-model/imagenet';
const HUGGING_FACE = 'https://huggingface.co';

/**
 * One known network. Without `urls` it has no download that a page may read: it is bundled, or the user chooses the
 * file, named by `chosenFile`.
 */
interface CatalogueRow extends Omit<BackboneManifest, 'inputSide' | 'file'>, Omit<BackboneFacts, 'isSizeExact'> {
  /** Absolute addresses of a model.json, a .safetensors or an .h5 file, tried in order. */
  readonly urls?: readonly string[];
  readonly chosenFile?: string;
  /** True when `sizeBytes` was read from the file itself. */
  readonly isSizeExact?: true;
}

const mobileNetV2WithoutTop = (width: string) =>
  `${TEACHABLE_MACHINE}/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_${width}_224_no_top/model.json`;
const mobileNetV1 = (width: string) => `${TFJS_MODELS}/tfjs/mobilenet_v1_${width}_224/model.json`;

/** What the networks of one family share. All were trained on ImageNet and take 224 px. */
const V1 = { family: 'mobilenet-v1', year: 2017, pixels: '[-1,1]', featureLayer: 'conv_pw_13_relu' } as const;
const V2 = { family: 'mobilenet-v2', year: 2018, pixels: '[-1,1]', featureLayer: 'out_relu' } as const;
const RESNET = { family: 'resnet', year: 2015, pixels: 'imagenet', featureLayer: null } as const;
const GOOGLE_V1 = { licence: 'Apache-2.0', source: 'Google, MobileNet v1, 224 px, trained on ImageNet' } as const;
const GOOGLE_V2 = {
  licence: 'Apache-2.0',
  source: 'Google, MobileNet v2, 224 px, Keras weights without top, trained on ImageNet',
} as const;

/**
 * Every network Graft knows, best first within a family. To add one, add a row: the picker, the downloads, the content
 * security policy and `npm run backbones` follow.
 */
const ROWS: readonly CatalogueRow[] = [
  {
    ...V2,
    id: RECOMMENDED_BACKBONE_ID,
    name: 'MobileNet v2 1.0',
    pixels: '[0,1]',
    featureLayer: null,
    parameterCount: 2_257_984,
    sizeBytes: 9_100_000,
    featureLength: 1280,
    licence: 'Apache-2.0',
    source: 'Google, MobileNet v2 1.0, 224 px, feature vector, trained on ImageNet',
    whenToUse: 'The best start for most photos: small, fast and accurate.',
    urls: [
      `${KAGGLE}/mobilenet-v2/TfJs/100-224-feature-vector/3/model.json?tfjs-format=file`,
      `${TFJS_MODELS}/savedmodel/mobilenet_v2_1.0_224/model.json`,
    ],
  },
  {
    ...V2,
    id: 'mobilenet_v2_1.4_224_bundled',
    name: 'MobileNet v2 1.4',
    parameterCount: 4_363_712,
    sizeBytes: 4_300_000,
    featureLength: 1792,
    licence: 'MIT (npm package nsfwjs, Infinite Red)',
    source: 'Google, MobileNet v2 1.4, 224 px, feature vector, with a short training for content moderation on top',
    whenToUse: 'Always there, without a network. A short training for another purpose makes 1.0 better on most photos.',
  },
  {
    ...V2,
    ...GOOGLE_V2,
    id: 'mobilenet-v2-0.75',
    name: 'MobileNet v2 0.75',
    parameterCount: 1_382_064,
    sizeBytes: 5_620_000,
    featureLength: 1280,
    whenToUse: 'A little faster than 1.0, a little less accurate.',
    urls: [mobileNetV2WithoutTop('0.75')],
  },
  {
    ...V2,
    ...GOOGLE_V2,
    id: 'mobilenet-v2-0.50',
    name: 'MobileNet v2 0.50',
    parameterCount: 706_224,
    sizeBytes: 2_920_000,
    featureLength: 1280,
    whenToUse: 'About half the work of 1.0, for slow devices and many photos.',
    urls: [mobileNetV2WithoutTop('0.50')],
  },
  {
    ...V2,
    ...GOOGLE_V2,
    id: 'mobilenet-v2-0.35',
    name: "MobileNet v2 0.35 (Teachable Machine's)",
    parameterCount: 410_208,
    sizeBytes: 1_731_293,
    featureLength: 1280,
    whenToUse: 'The smallest download with long features; exactly the network Teachable Machine uses.',
    urls: [mobileNetV2WithoutTop('0.35')],
  },
  {
    ...V1,
    ...GOOGLE_V1,
    id: 'mobilenet-v1-1.0',
    name: 'MobileNet v1 1.0',
    parameterCount: 3_228_864,
    sizeBytes: 17_000_000,
    featureLength: 1024,
    whenToUse: 'An older design with plain layers: quick on graphics cards, close to v2 in accuracy.',
    urls: [mobileNetV1('1.0')],
  },
  {
    ...V1,
    ...GOOGLE_V1,
    id: 'mobilenet-v1-0.75',
    name: 'MobileNet v1 0.75',
    parameterCount: 1_832_976,
    sizeBytes: 10_400_000,
    featureLength: 768,
    whenToUse: 'Between 1.0 and 0.50 in speed and accuracy.',
    urls: [mobileNetV1('0.75')],
  },
  {
    ...V1,
    ...GOOGLE_V1,
    id: 'mobilenet-v1-0.50',
    name: 'MobileNet v1 0.50',
    parameterCount: 829_536,
    sizeBytes: 5_400_000,
    featureLength: 512,
    whenToUse: 'Short features and little work: for a model that must run on a weak device.',
    urls: [mobileNetV1('0.50')],
  },
  {
    ...V1,
    ...GOOGLE_V1,
    id: 'mobilenet-v1-0.25',
    name: 'MobileNet v1 0.25',
    parameterCount: 218_544,
    sizeBytes: 1_900_000,
    featureLength: 256,
    whenToUse: 'The smallest and fastest here, clearly less accurate: for simple, large objects.',
    urls: [mobileNetV1('0.25')],
  },
  {
    ...RESNET,
    id: 'resnet-18',
    name: 'ResNet-18',
    parameterCount: 11_176_512,
    sizeBytes: 46_807_446,
    isSizeExact: true,
    featureLength: 512,
    licence: 'Apache-2.0',
    source: 'timm, resnet18.a1_in1k, trained on ImageNet',
    sha256: '80c49dee3da4822c009c5a7fe591e9223c5a2cfcf95a4067ca4dfb5a7b89c612',
    whenToUse: 'Short, sturdy features when there are few photos; about six times the work of MobileNet v2.',
    urls: [`${HUGGING_FACE}/timm/resnet18.a1_in1k/resolve/main/model.safetensors`],
  },
  {
    ...RESNET,
    id: 'resnet-50',
    name: 'ResNet-50',
    parameterCount: 23_508_032,
    sizeBytes: 102_500_000,
    featureLength: 2048,
    licence: 'Apache-2.0',
    source: 'timm, resnet50.a1_in1k, trained on ImageNet',
    whenToUse: 'More accurate on fine differences, with a graphics card and some patience.',
    urls: [`${HUGGING_FACE}/timm/resnet50.a1_in1k/resolve/main/model.safetensors`],
  },
  {
    id: 'resnet-50-v2',
    name: 'ResNet-50 v2',
    family: 'resnet-v2',
    year: 2016,
    pixels: '[0,1]',
    featureLayer: null,
    parameterCount: 23_519_360,
    sizeBytes: 94_300_000,
    featureLength: 2048,
    licence: 'Apache-2.0',
    source: 'Google, ResNet-50 v2, 224 px, feature vector, trained on ImageNet',
    whenToUse: 'Like ResNet-50, with normalisation before each block; worth comparing on your photos.',
    urls: [`${TFHUB}/resnet_v2_50/feature_vector/3/default/1/model.json?tfjs-format=file`],
  },
  {
    id: 'vgg-16',
    name: 'VGG-16',
    family: 'vgg',
    year: 2014,
    pixels: 'caffe',
    featureLayer: null,
    parameterCount: 14_714_688,
    sizeBytes: 58_889_256,
    isSizeExact: true,
    featureLength: 512,
    licence: 'CC BY 4.0',
    source: 'Visual Geometry Group, Oxford; Keras weights without top, trained on ImageNet',
    whenToUse: 'The classic of papers and courses; about fifty times the work of MobileNet v2. For comparison.',
    chosenFile: 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
  },
];

/** Families in the order of the picker, as a person calls them. */
export const FAMILY_NAMES: ReadonlyMap<string, string> = new Map([
  ['mobilenet-v2', 'MobileNet v2'],
  ['mobilenet-v1', 'MobileNet v1'],
  ['mobilenet-v3', 'MobileNet v3'],
  ['resnet', 'ResNet'],
  ['resnet-v2', 'ResNet v2'],
  ['vgg', 'VGG'],
]);

/** Networks of the catalogue that are not bundled: downloaded from their makers, or chosen by the user as a file. */
export const OFFICIAL_BACKBONES: readonly BackboneEntry[] = ROWS.filter(
  ({ urls, chosenFile }) => urls !== undefined || chosenFile !== undefined,
).map((row) => ({
  manifest: manifestOf(row),
  origin: 'official',
  urls: row.urls ?? [],
  facts: factsOf(row),
}));

/** @returns what the catalogue knows of a network, wherever its files are; null for one it does not list. */
export function catalogueFacts(id: string): BackboneFacts | null {
  const row = ROWS.find((candidate) => candidate.id === id);
  return row === undefined ? null : factsOf(row);
}

/** True for a network that can be had only by choosing its file. */
export function isChosenByFile(entry: BackboneEntry): boolean {
  return entry.origin === 'official' && entry.urls.length === 0;
}

function manifestOf(row: CatalogueRow): BackboneManifest {
  const { id, name, family, pixels, featureLayer, licence, source, sizeBytes, sha256 } = row;
  const manifest = { id, name, family, inputSide: 224, pixels, featureLayer, licence, source, sizeBytes };
  return sha256 === undefined ? manifest : { ...manifest, sha256 };
}

function factsOf({
  year,
  parameterCount,
  featureLength,
  whenToUse,
  chosenFile,
  isSizeExact,
}: CatalogueRow): BackboneFacts {
  const facts = { year, parameterCount, featureLength, whenToUse, isSizeExact: isSizeExact ?? false };
  return chosenFile === undefined ? facts : { ...facts, chosenFile };
}
