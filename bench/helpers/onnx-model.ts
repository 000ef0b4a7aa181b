import type { Activation, FoldedGraph, FoldedNode, Padding, Weight } from '../../src/graph/folded-graph.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

// Field numbers and codes from onnx.proto3 of ONNX 1.16 (operator set 13).
const FLOAT = 1;
const ATTRIBUTE = { int: 2, text: 3, ints: 7 } as const;

type Attribute = number | string | readonly number[];
type Attributes = Readonly<Record<string, Attribute>>;

/**
 * A folded network as an ONNX model: input `image` float32 [batch, 3, side, side], scaled as the graph's `pixels` say,
 * output `feature` float32 [batch, featureLength].
 */
export function onnxModel(graph: FoldedGraph): Uint8Array {
  const body = new ProtobufWriter();
  const builder = new OnnxBuilder(body);
  for (const node of graph.nodes) builder.node(node);
  const last = graph.nodes.at(-1)?.name ?? '';
  builder.operation('Flatten', [last], 'feature', { axis: 1 });
  const { inputSide, featureLength } = graph;
  body.text(2, 'graft');
  body.message(11, (info) => valueInfo(info, 'image', ['batch', 3, inputSide, inputSide]));
  body.message(12, (info) => valueInfo(info, 'feature', ['batch', featureLength]));
  return new ProtobufWriter()
    .int(1, 8)
    .bytes(7, body.finish())
    .message(8, (set) => set.text(1, '').int(2, 13))
    .finish();
}

function valueInfo(info: ProtobufWriter, name: string, shape: readonly (string | number)[]): void {
  info.text(1, name).message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.int(1, FLOAT).message(2, (dims) => {
        for (const size of shape) {
          dims.message(1, (dim) => (typeof size === 'string' ? dim.text(2, size) : dim.int(1, size)));
        }
      }),
    ),
  );
}

class OnnxBuilder {
  constructor(private readonly body: ProtobufWriter) {}

  operation(type: string, inputs: readonly string[], output: string, attributes: Attributes = {}): void {
    this.body.message(1, (node) => {
      for (const input of inputs) node.text(1, input);
      node.text(2, output).text(3, output).text(4, type);
      for (const [name, value] of Object.entries(attributes)) {
        node.message(5, (attribute) => writeAttribute(attribute.text(1, name), value));
      }
    });
  }

  node(node: FoldedNode): void {
    const { name, inputs } = node;
    const [input = ''] = inputs;
    switch (node.op) {
      case 'input':
        this.operation('Identity', ['image'], name);
        break;
      case 'conv':
      case 'depthwise':
        this.convolution(node);
        break;
      case 'affine':
        this.operation('Mul', [input, this.perChannel(`${name}/scale`, node.scale)], `${name}/scaled`);
        this.operation('Add', [`${name}/scaled`, this.perChannel(`${name}/offset`, node.offset)], `${name}/linear`);
        this.activate(node.activation, `${name}/linear`, name);
        break;
      case 'add':
        this.operation('Add', inputs, `${name}/linear`);
        this.activate(node.activation, `${name}/linear`, name);
        break;
      case 'activation':
        this.activate(node.activation, input, name);
        break;
      case 'globalAveragePool':
        this.operation('GlobalAveragePool', inputs, name);
        break;
      default:
        throw new Error(`The benchmark does not write "${node.op}" as ONNX`);
    }
  }

  private convolution(node: Extract<FoldedNode, { op: 'conv' | 'depthwise' }>): void {
    const { name, kernel, bias, strides, dilations, padding, activation } = node;
    const [height = 1, width = 1, inCount = 1, outCount = 1] = kernel.shape;
    const isDepthwise = node.op === 'depthwise';
    const shape = isDepthwise ? [inCount * outCount, 1, height, width] : [outCount, inCount, height, width];
    const weights = this.initializer(`${name}/kernel`, shape, channelsFirst(kernel, isDepthwise));
    const offsets = this.initializer(`${name}/bias`, bias.shape, bias.values);
    this.operation('Conv', [node.inputs[0] ?? '', weights, offsets], `${name}/linear`, {
      ...padAttributes(padding),
      strides,
      dilations,
      group: isDepthwise ? inCount : node.groups,
      kernel_shape: [height, width],
    });
    this.activate(activation, `${name}/linear`, name);
  }

  private activate(activation: Activation, from: string, to: string): void {
    if (activation === 'relu') this.operation('Relu', [from], to);
    else if (activation === 'linear') this.operation('Identity', [from], to);
    else if (activation !== 'relu6') throw new Error(`The benchmark does not write "${activation}" as ONNX`);
    else {
      const low = this.initializer(`${to}/low`, [], Float32Array.of(0));
      const high = this.initializer(`${to}/high`, [], Float32Array.of(6));
      this.operation('Clip', [from, low, high], to);
    }
  }

  private perChannel(name: string, { values }: Weight): string {
    return this.initializer(name, [1, values.length, 1, 1], values);
  }

  private initializer(name: string, shape: readonly number[], values: Float32Array): string {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.body.message(5, (tensor) => {
      for (const size of shape) tensor.int(1, size);
      tensor.int(2, FLOAT).text(8, name).bytes(9, raw);
    });
    return name;
  }
}

function writeAttribute(attribute: ProtobufWriter, value: Attribute): void {
  if (typeof value === 'number') attribute.int(3, value).int(20, ATTRIBUTE.int);
  else if (typeof value === 'string') attribute.text(4, value).int(20, ATTRIBUTE.text);
  else {
    for (const item of value) attribute.int(8, item);
    attribute.int(20, ATTRIBUTE.ints);
  }
}

function padAttributes(padding: Padding): Attributes {
  if (padding === 'same') return { auto_pad: 'SAME_UPPER' };
  const [[top, bottom], [left, right]] = padding;
  return { pads: [top, left, bottom, right] };
}

/** [height, width, in, out] to [out, in, height, width]; of a depthwise kernel to [in * out, 1, height, width]. */
function channelsFirst({ shape, values }: Weight, isDepthwise: boolean): Float32Array {
  const [height = 1, width = 1, inCount = 1, outCount = 1] = shape;
  const moved = new Float32Array(values.length);
  const area = height * width;
  for (let place = 0; place < area; place += 1) {
    for (let from = 0; from < inCount; from += 1) {
      for (let to = 0; to < outCount; to += 1) {
        const row = isDepthwise ? from * outCount + to : to * inCount + from;
        moved[row * area + place] = values[(place * inCount + from) * outCount + to] ?? 0;
      }
    }
  }
  return moved;
}
