import { corrupt, unsupported } from '../graph-error.ts';
import { field, isRecord, type JsonRecord, requireInteger, requireText } from '../json-fields.ts';
import { MAX_WINDOW } from '../shapes.ts';

/**
 * Attributes of a TensorFlow node as JSON writes protocol buffers: numbers may be texts,
 * texts are base64 or lists of character codes, lists stand under `list`.
 */
export class NodeAttributes {
  readonly #name: string;
  readonly #attributes: JsonRecord;

  constructor(name: string, attributes: unknown) {
    this.#name = name;
    this.#attributes = isRecord(attributes) ? attributes : {};
  }

  /** @throws GraphError 'backbone-corrupt' when the text is there but damaged. */
  text(key: string): string | null {
    const value = this.#value(key, 's');
    return value === undefined ? null : this.#decodeText(value, key);
  }

  /** The texts of a list; empty when there is none. */
  texts(key: string): readonly string[] {
    return this.#list(key, 's').map((value) => this.#decodeText(value, key));
  }

  /** The whole numbers of a list; empty when there is none. */
  integers(key: string): readonly number[] {
    return this.#list(key, 'i').map((value) => toInteger(value, `"${key}" of "${this.#name}"`));
  }

  number(key: string, otherwise: number): number {
    const value = this.#value(key, 'f');
    if (value === undefined) return otherwise;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#damaged(key);
    return value;
  }

  flag(key: string): boolean {
    return this.#value(key, 'b') === true;
  }

  /** [vertical, horizontal] of a list of four, [batch, vertical, horizontal, channels]. */
  spatialPair(key: string): readonly [number, number] {
    const list = this.integers(key);
    if (list.length === 0) return [1, 1];
    const [batch, vertical, horizontal, channels] = list;
    if (batch !== 1 || channels !== 1 || list.length !== 4) {
      throw unsupported(`"${key}" of "${this.#name}" moves over the batch or the channels, which cannot be read.`);
    }
    const side = (value: unknown) => requireInteger(value, `"${key}" of "${this.#name}"`, 1, MAX_WINDOW);
    return [side(vertical), side(horizontal)];
  }

  /** The sides of a shape, -1 for an open one; null when the shape is unknown. */
  shape(key: string): readonly number[] | null {
    const shape = this.#value(key, 'shape');
    const dimensions = isRecord(shape) ? field(shape, 'dim') : undefined;
    if (!Array.isArray(dimensions)) return null;
    return dimensions.map((dimension) =>
      isRecord(dimension) ? toInteger(field(dimension, 'size') ?? 0, `The shape of "${this.#name}"`) : 0,
    );
  }

  #value(key: string, kind: string): unknown {
    const attribute = field(this.#attributes, key);
    return isRecord(attribute) ? field(attribute, kind) : undefined;
  }

  #list(key: string, kind: string): readonly unknown[] {
    const list = this.#value(key, 'list');
    const values = isRecord(list) ? field(list, kind) : undefined;
    return Array.isArray(values) ? values : [];
  }

  #decodeText(value: unknown, key: string): string {
    if (Array.isArray(value) && value.length <= 1000 && value.every((code) => Number.isInteger(code))) {
      return String.fromCharCode(...value);
    }
    return decodeBase64(requireText(value, `"${key}" of "${this.#name}"`), () => this.#damaged(key));
  }

  #damaged(key: string): Error {
    return corrupt(`"${key}" of "${this.#name}" is damaged.`);
  }
}

function toInteger(value: unknown, what: string): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw corrupt(`${what} is not a whole number.`);
  return number;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Characters of a base64 text. Written out because this folder knows neither browser nor Node. */
function decodeBase64(text: string, damaged: () => Error): string {
  if (text.length > 1000) throw damaged();
  let bits = 0;
  let bitCount = 0;
  let decoded = '';
  for (const letter of text.replace(/=+$/, '')) {
    const digit = BASE64.indexOf(letter);
    if (digit < 0) throw damaged();
    bits = ((bits << 6) | digit) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    decoded += String.fromCharCode((bits >> bitCount) & 0xff);
  }
  return decoded;
}
