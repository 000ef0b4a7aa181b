import type { Activation, FoldedNode, Padding } from '../../../src/graph/folded-graph.ts';
import type { UpperGraph } from '../../../src/graph/split-at-stage.ts';

/** A tiny upper part and how its batch looks. */
export interface GradientCase {
  readonly title: string;
  readonly graph: UpperGraph;
}

let state = 11;
/** Numbers between -1 and 1, the same on every run. */
export function noise(length: number): Float32Array {
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
}

const weight = (...shape: number[]) => ({ shape, values: noise(shape.reduce((a, b) => a * b, 1)) });

const SIDE = 5;
const CHANNELS = 4;
const NONE = [
  [0, 0],
  [0, 0],
] as const;
const UNEVEN = [
  [0, 1],
  [2, 1],
] as const;

interface FilterOptions {
  readonly size?: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly padding?: Padding;
  readonly activation?: Activation;
  readonly groups?: number;
  readonly multiplier?: number;
}

const common = ({ strides = [1, 1], dilations = [1, 1], padding = 'same', activation = 'linear' }: FilterOptions) => ({
  strides,
  dilations,
  padding,
  activation,
});

function conv(name: string, input: string, options: FilterOptions = {}): FoldedNode {
  const { size = [3, 3], groups = 1 } = options;
  const kernel = weight(...size, CHANNELS / groups, CHANNELS);
  const bias = weight(CHANNELS);
  return { op: 'conv', name, inputs: [input], shape: [], groups, kernel, bias, ...common(options) };
}

function depthwise(name: string, input: string, options: FilterOptions = {}): FoldedNode {
  const { size = [3, 3], multiplier = 1 } = options;
  const kernel = weight(...size, CHANNELS, multiplier);
  const bias = weight(CHANNELS * multiplier);
  return { op: 'depthwise', name, inputs: [input], shape: [], kernel, bias, ...common(options) };
}

/** The nodes between two convolutions, so that both weights and inputs of each are checked. */
function graphOf(featureLength: number, nodes: readonly FoldedNode[], pool = true): UpperGraph {
  const input: FoldedNode = { op: 'input', name: 'cut', inputs: [], shape: [SIDE, SIDE, CHANNELS] };
  const last = nodes.at(-1)?.name ?? '';
  const end: FoldedNode = { op: 'globalAveragePool', name: 'pool', inputs: [last], shape: [featureLength] };
  const all = [input, conv('first', 'cut', { size: [1, 1] }), ...nodes, ...(pool ? [end] : [])];
  return { cutNode: 'cut', inputShape: [SIDE, SIDE, CHANNELS], nodes: all, featureLength };
}

const filters: readonly (readonly [string, FilterOptions])[] = [
  ['1 x 1', { size: [1, 1] }],
  ['1 x 1 with stride 2', { size: [1, 1], strides: [2, 2] }],
  ['3 x 3, same padding', {}],
  ['3 x 3, same padding, stride 2', { strides: [2, 2] }],
  ['3 x 2, no padding, stride 2 across', { size: [3, 2], padding: NONE, strides: [1, 2] }],
  ['3 x 3, uneven padding, stride 2', { padding: UNEVEN, strides: [2, 2] }],
  ['1 x 1 with padding wider than it', { size: [1, 1], padding: UNEVEN }],
  ['2 x 2 with dilation 2', { size: [2, 2], dilations: [2, 2] }],
];

const ACTIVATIONS: readonly Activation[] = ['relu', 'relu6', 'sigmoid', 'hardSigmoid', 'swish', 'hardSwish'];
const at = (name: string, input: string, shape: readonly number[]) => ({ name, inputs: [input], shape });

const pools = (['maxPool', 'averagePool'] as const).flatMap((op) =>
  (
    [
      ['same', [1, 1]],
      ['same', [2, 2]],
      [UNEVEN, [2, 1]],
      [NONE, [2, 2]],
    ] as const
  ).map(
    ([padding, strides]): GradientCase => ({
      title: `${op}, padding ${padding === 'same' ? padding : JSON.stringify(padding)}, strides ${strides.join(' ')}`,
      graph: graphOf(CHANNELS, [{ op, ...at('node', 'first', []), size: [3, 3], strides, padding }]),
    }),
  ),
);

/** A case for every kind of node. */
export const GRADIENT_CASES: readonly GradientCase[] = [
  ...filters.map(([title, options]) => ({
    title: `convolution ${title}`,
    graph: graphOf(CHANNELS, [conv('node', 'first', options)]),
  })),
  {
    title: 'convolution in two groups',
    graph: graphOf(CHANNELS, [conv('node', 'first', { groups: 2, strides: [2, 2] })]),
  },
  ...filters.map(([title, options]) => ({
    title: `depthwise ${title}`,
    graph: graphOf(CHANNELS, [depthwise('node', 'first', options)]),
  })),
  { title: 'depthwise with two outputs a channel', graph: graphOf(8, [depthwise('node', 'first', { multiplier: 2 })]) },
  ...ACTIVATIONS.map((activation) => ({
    title: `${activation}, in a convolution and alone`,
    graph: graphOf(CHANNELS, [
      conv('node', 'first', { size: [1, 1], activation }),
      { op: 'activation', ...at('alone', 'node', []), activation } as const,
    ]),
  })),
  {
    title: 'affine, then add with activation, then x + x',
    graph: graphOf(CHANNELS, [
      { op: 'affine', ...at('node', 'first', []), scale: weight(4), offset: weight(4), activation: 'swish' },
      { op: 'add', name: 'sum', inputs: ['node', 'first'], shape: [], activation: 'relu' },
      { op: 'add', name: 'twice', inputs: ['sum', 'sum'], shape: [], activation: 'linear' },
    ]),
  },
  {
    title: 'product of two images',
    graph: graphOf(CHANNELS, [
      conv('node', 'first', { size: [1, 1] }),
      { op: 'multiply', name: 'product', inputs: ['first', 'node'], shape: [], activation: 'relu' },
    ]),
  },
  ...([[CHANNELS], [1, 1, CHANNELS]] as const).map((shape) => ({
    title: `squeeze and excitation over ${shape.length === 1 ? 'a vector' : 'one pixel'}`,
    graph: graphOf(CHANNELS, [
      { op: 'globalAveragePool', ...at('squeeze', 'first', shape) },
      shape.length === 1
        ? { op: 'dense', ...at('gate', 'squeeze', shape), kernel: weight(4, 4), bias: weight(4), activation: 'sigmoid' }
        : conv('gate', 'squeeze', { size: [1, 1], activation: 'sigmoid' }),
      { op: 'multiply', name: 'gated', inputs: ['first', 'gate'], shape: [], activation: 'linear' },
    ] as const),
  })),
  {
    title: 'concat of three branches and a pad',
    graph: graphOf(12, [
      conv('node', 'first', { size: [1, 1] }),
      { op: 'concat', name: 'joined', inputs: ['first', 'node', 'cut'], shape: [] },
      { op: 'pad', ...at('padded', 'joined', []), padding: UNEVEN },
    ]),
  },
  ...pools,
  {
    title: 'global maximum',
    graph: graphOf(CHANNELS, [{ op: 'globalMaxPool', ...at('node', 'first', [CHANNELS]) }], false),
  },
  {
    title: 'flatten and dense',
    graph: graphOf(
      3,
      [
        { op: 'maxPool', ...at('small', 'first', []), size: [3, 3], strides: [2, 2], padding: NONE },
        { op: 'flatten', ...at('flat', 'small', [16]) },
        { op: 'dense', ...at('node', 'flat', [3]), kernel: weight(16, 3), bias: weight(3), activation: 'relu' },
      ],
      false,
    ),
  },
];
