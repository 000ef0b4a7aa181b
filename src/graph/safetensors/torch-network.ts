import type { Activation, Weight } from '../folded-graph.ts';
import { corrupt } from '../graph-error.ts';
import type { ExplicitPadding } from '../shapes.ts';
import {
  type AffineOp,
  batchNormAffine,
  plainFilter,
  type SourceGraph,
  type SourceNode,
  type SourceOp,
} from '../source/source-graph.ts';
import { type TensorSource, toChannelsLast } from './tensor-source.ts';

/** A convolution of PyTorch with what follows it. */
export interface TorchConv {
  /** Name of the module; its tensors are `<name>.weight` and perhaps `<name>.bias`. */
  readonly conv: string;
  /** Name of the batch norm after it; null where there is none, and then the convolution must have a bias. */
  readonly norm: string | null;
  readonly stride: number;
  readonly activation: Activation;
  /** Every channel by itself. */
  readonly isDepthwise?: boolean;
}

/** Writes down a PyTorch network as a source graph. Padding is what keeps a picture's size: half the kernel on every side. */
export class TorchNetwork {
  private readonly nodes = new Map<string, SourceNode>();

  /** @param normEpsilon what the framework adds to every variance. */
  constructor(
    private readonly tensors: TensorSource,
    private readonly normEpsilon: number,
  ) {}

  /** @param side of the square input, px. @returns the node's id, as all methods below do. */
  input(side: number): string {
    return this.add('input', [], [{ op: 'input', shape: [side, side, 3] }]);
  }

  /** The number of channels comes from the input, the groups from how many of them the kernel sees. */
  conv(input: string, { conv, norm, stride, activation, isDepthwise = false }: TorchConv): string {
    const kernel = this.tensors.take(`${conv}.weight`, 4);
    const hasBias = norm === null || this.tensors.has(`${conv}.bias`);
    const bias = hasBias ? this.tensors.take(`${conv}.bias`, 1) : null;
    const affine = norm === null ? [] : [this.norm(norm)];
    const window = { strides: [stride, stride], dilations: [1, 1], padding: halfPadding(kernel, conv) } as const;
    return this.addNode(conv, [input], ([shape]) => {
      const filter = isDepthwise
        ? plainFilter('depthwise', depthwiseKernel(kernel, conv), bias, window, 'linear')
        : plainFilter(
            'conv',
            toChannelsLast(kernel),
            bias,
            window,
            'linear',
            groupsOf(kernel, shape?.at(-1) ?? 0, conv),
          );
      const after: SourceOp[] = activation === 'linear' ? [] : [{ op: 'activation', activation }];
      return [filter, ...affine, ...after];
    });
  }

  maxPool(id: string, input: string, size: number, stride: number): string {
    const border = size > 2 ? Math.floor(size / 2) : 0;
    const padding: ExplicitPadding = [
      [border, border],
      [border, border],
    ];
    const window = { size: [size, size], strides: [stride, stride], dilations: [1, 1], padding } as const;
    return this.add(id, [input], [{ op: 'maxPool', ...window }]);
  }

  /** `keepsSpace`: gives [1, 1, channels] instead of [channels]. */
  globalPool(id: string, input: string, keepsSpace: boolean): string {
    return this.add(id, [input], [{ op: 'globalAveragePool', keepsSpace }]);
  }

  sum(id: string, inputs: readonly [string, string], activation: Activation): string {
    return this.add(id, inputs, [{ op: 'add', activation }]);
  }

  /** Every channel of `input` times its gate, [1, 1, channels]. */
  product(id: string, input: string, gate: string): string {
    return this.add(id, [input, gate], [{ op: 'multiply', activation: 'linear' }]);
  }

  /** The whole network, ending in an average over space. */
  finish(features: string): SourceGraph {
    return { nodes: this.nodes, outputId: this.globalPool('global_pool', features, false) };
  }

  private norm(name: string): AffineOp {
    const take = (part: string) => this.tensors.take(`${name}.${part}`, 1).values;
    const parts = [take('running_mean'), take('running_var'), take('weight'), take('bias')] as const;
    if (parts.some(({ length }) => length !== parts[0].length)) {
      throw corrupt(`The tensors of the batch norm "${name}" have unequal lengths.`);
    }
    return batchNormAffine(...parts, this.normEpsilon);
  }

  private add(id: string, inputs: readonly string[], ops: readonly SourceOp[]): string {
    return this.addNode(id, inputs, () => ops);
  }

  private addNode(id: string, inputs: readonly string[], convert: SourceNode['convert']): string {
    this.nodes.set(id, { id, inputs, convert });
    return id;
  }
}

function halfPadding({ shape }: Weight, name: string): ExplicitPadding {
  const half = (side = 1) => {
    if (side % 2 === 0) throw corrupt(`The kernel of "${name}" has sides of even length.`);
    return [(side - 1) / 2, (side - 1) / 2] as const;
  };
  return [half(shape[2]), half(shape[3])];
}

/** [channels, 1, height, width] as [height, width, channels, 1]. */
function depthwiseKernel(kernel: Weight, name: string): Weight {
  if (kernel.shape[1] !== 1) throw corrupt(`The tensor "${name}.weight" should see one channel at a time.`);
  const { shape, values } = toChannelsLast(kernel);
  const [height = 1, width = 1, , channels = 0] = shape;
  return { shape: [height, width, channels, 1], values };
}

function groupsOf({ shape }: Weight, channels: number, name: string): number {
  const [outCount = 0, seen = 0] = shape;
  const groups = channels / seen;
  if (!Number.isInteger(groups) || groups < 1 || outCount % groups !== 0) {
    throw corrupt(`The tensor "${name}.weight" sees ${seen} channels, but gets ${channels}.`);
  }
  return groups;
}
