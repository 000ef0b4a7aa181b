import type { PixelScaling } from '../../domain/backbone.ts';
import type { ModelFacts } from './model-facts.ts';

/** What the names of a network's layers say about it. */
export interface FamilyGuess {
  /** "MobileNet v2"; null where it is not known. */
  readonly name: string | null;
  readonly family: string;
  readonly pixels: PixelScaling;
  readonly pixelsReason: string;
}

/** A family known by a layer that only its networks have. */
interface FamilyRule {
  readonly mark: RegExp;
  readonly name: string;
  readonly family: string;
  readonly pixels: PixelScaling;
}

/** Layer names as `keras.applications` gives them; the first that fits counts. */
const KERAS_FAMILIES: readonly FamilyRule[] = [
  { mark: /^expanded_conv_\d+[_/]squeeze_excite/, name: 'MobileNet v3', family: 'mobilenet-v3', pixels: '[-1,1]' },
  { mark: /^conv_pw_\d+_relu$/, name: 'MobileNet v1', family: 'mobilenet-v1', pixels: '[-1,1]' },
  {
    mark: /^(block_\d+_expand|expanded_conv_project)$/,
    name: 'MobileNet v2',
    family: 'mobilenet-v2',
    pixels: '[-1,1]',
  },
  { mark: /_preact_bn$/, name: 'ResNet v2', family: 'resnet-v2', pixels: '[-1,1]' },
  { mark: /^(conv\d_block\d+_add|res\d[a-f]_branch2a)$/, name: 'ResNet', family: 'resnet', pixels: 'caffe' },
  { mark: /^conv\d_block\d+_concat$/, name: 'DenseNet', family: 'densenet', pixels: 'imagenet' },
  { mark: /^block\d+_sepconv\d$/, name: 'Xception', family: 'xception', pixels: '[-1,1]' },
  { mark: /^block5_conv4$/, name: 'VGG-19', family: 'vgg', pixels: 'caffe' },
  { mark: /^block5_conv3$/, name: 'VGG-16', family: 'vgg', pixels: 'caffe' },
  { mark: /^mixed10$/, name: 'Inception v3', family: 'inception', pixels: '[-1,1]' },
];

/** How near the input a Rescaling layer has to stand to be about pixels. */
const FIRST_LAYERS = 4;

const OWN = { name: null, family: 'own' } as const;

/**
 * The family of a network and the pixels it was trained with, from its layers' names and kinds.
 *
 * @param isGraph true for a tfjs graph model, whose nodes carry no such names.
 */
export function guessFamily({ names, kinds }: ModelFacts, isGraph: boolean): FamilyGuess {
  const rule = KERAS_FAMILIES.find(({ mark }) => names.some((name) => mark.test(name)));
  const known = rule === undefined ? OWN : { name: rule.name, family: rule.family };
  if (kinds.slice(0, FIRST_LAYERS).includes('Rescaling')) {
    return {
      ...known,
      pixels: '0-255',
      pixelsReason: 'The network holds a Rescaling layer: it scales the pixels itself.',
    };
  }
  if (rule !== undefined) {
    const pixelsReason = `The layers are named like those of Keras's ${rule.name}, which takes its pixels so.`;
    return { ...known, pixels: rule.pixels, pixelsReason };
  }
  if (isGraph) {
    const pixelsReason = 'This is a guess: graph models from TensorFlow Hub take pixels from 0 to 1.';
    return { ...OWN, pixels: '[0,1]', pixelsReason };
  }
  const pixelsReason = "This is a guess: the layers' names say nothing about it. Most small networks take −1 to 1.";
  return { ...OWN, pixels: '[-1,1]', pixelsReason };
}
