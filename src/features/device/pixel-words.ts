import type { PixelScaling } from '../../domain/backbone.ts';

interface PixelWords {
  readonly id: PixelScaling;
  readonly label: string;
  /** Which networks usually take it. */
  readonly detail: string;
}

/** Every way of scaling pixels, with what it does to a byte and who does it. */
export const PIXEL_WORDS: readonly PixelWords[] = [
  { id: '[-1,1]', label: 'From −1 to 1: x / 127.5 − 1', detail: 'Keras MobileNet, Inception, ResNet v2' },
  { id: '[0,1]', label: 'From 0 to 1: x / 255', detail: 'TensorFlow Hub, many networks of one’s own' },
  { id: '0-255', label: 'Bytes as they are: 0 to 255', detail: 'Networks that scale inside, as Keras EfficientNet' },
  { id: 'imagenet', label: 'Less mean, over deviation', detail: 'PyTorch: torchvision and timm' },
  { id: 'caffe', label: 'Blue first, less mean', detail: 'Keras VGG and ResNet v1, Caffe' },
  { id: 'teachable-machine', label: 'x / 127 − 1', detail: 'Teachable Machine' },
];
