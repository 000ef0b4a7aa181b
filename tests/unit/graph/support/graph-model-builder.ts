import type { ModelFiles } from './tfjs-reference.ts';

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: ArrayLike<number>;
}

const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const integers = (values: readonly number[]) => ({ list: { i: values.map(String) } });

/** Writes small tfjs graph models by hand, as the converter would. */
export class GraphModelBuilder {
  readonly nodes: Record<string, unknown>[] = [];
  readonly #tensors: Tensor[] = [];

  constructor(side: number) {
    const dim = [-1, side, side, 3].map((size) => ({ size: String(size) }));
    this.node('image', 'Placeholder', [], { shape: { shape: { dim } }, dtype: { type: 'DT_FLOAT' } });
  }

  node(name: string, op: string, input: readonly string[], attr: Record<string, unknown> = {}): string {
    this.nodes.push({ name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } });
    return name;
  }

  constant(
    name: string,
    values: ArrayLike<number>,
    shape: readonly number[],
    dtype: Tensor['dtype'] = 'float32',
  ): string {
    this.#tensors.push({ name, shape, dtype, values });
    const type = { type: dtype === 'float32' ? 'DT_FLOAT' : 'DT_INT32' };
    return this.node(name, 'Const', [], { dtype: type });
  }

  /** Attributes of a convolution or pool with one stride for both axes. */
  window(padding: string, stride = 1, more: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      padding: text(padding),
      strides: integers([1, stride, stride, 1]),
      dilations: integers([1, 1, 1, 1]),
      data_format: text('NHWC'),
      explicit_paddings: { list: {} },
      ...more,
    };
  }

  pool(padding: string, size: number, stride: number): Record<string, unknown> {
    return this.window(padding, stride, { ksize: integers([1, size, size, 1]) });
  }

  fused(...ops: string[]): Record<string, unknown> {
    return { fused_ops: { list: ops.length === 0 ? {} : { s: ops.map((op) => text(op).s) } }, num_args: { i: '1' } };
  }

  files(): ModelFiles {
    const buffers = this.#tensors.map(({ dtype, values }) =>
      Buffer.from((dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values)).buffer),
    );
    const weights = this.#tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
    return {
      modelJson: {
        format: 'graph-model',
        modelTopology: { node: this.nodes, library: {}, versions: { producer: 1 } },
        weightsManifest: [{ paths: ['weights.bin'], weights }],
      },
      weightData: new Uint8Array(Buffer.concat(buffers)).buffer,
    };
  }
}
