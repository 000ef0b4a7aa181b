/** Writes the protobuf wire format: varints and length-delimited fields. */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = [];

  int(field: number, value: number): this {
    return this.tag(field, 0).raw(varint(value));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, 2).raw(varint(value.length)).raw(value);
  }

  message(field: number, fill: (inner: ProtobufWriter) => unknown): this {
    const inner = new ProtobufWriter();
    fill(inner);
    return this.bytes(field, inner.finish());
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  private tag(field: number, wireType: number): this {
    return this.raw(varint(field * 8 + wireType));
  }

  private raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
