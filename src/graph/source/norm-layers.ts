import { corrupt, unsupported } from '../graph-error.ts';
import { field, requireList, requireNumber } from '../json-fields.ts';
import type { Shape } from '../shapes.ts';
import { arithmeticOp } from './arithmetic.ts';
import type { LayerContext } from './layer-ops.ts';
import { type AffineOp, batchNormAffine } from './source-graph.ts';

/** Least deviation Keras's Normalization divides by. */
const NORMALIZATION_FLOOR = 1e-7;

export function readBatchNorm({ name, config, weight }: LayerContext, input: Shape | undefined): AffineOp {
  const axis = field(config, 'axis') ?? -1;
  const last = Array.isArray(axis) ? axis[0] : axis;
  if (last !== -1 && last !== input?.length)
    throw unsupported(`The batch norm "${name}" does not work along the channels.`);
  return batchNormAffine(
    weight('moving_mean').values,
    weight('moving_variance').values,
    field(config, 'scale') === false ? null : weight('gamma').values,
    field(config, 'center') === false ? null : weight('beta').values,
    requireNumber(field(config, 'epsilon') ?? 1e-3, `"epsilon" of "${name}"`),
  );
}

/** x * scale + offset; each is one number, or one for each channel. */
export function readRescaling({ name, config }: LayerContext, input: Shape | undefined): AffineOp {
  const scale = readNumbers(field(config, 'scale'), `"scale" of "${name}"`);
  const offset = readNumbers(field(config, 'offset') ?? 0, `"offset" of "${name}"`);
  const scaled = arithmeticOp('product', scale, false, input, name);
  return { ...scaled, offset: arithmeticOp('sum', offset, false, input, name).offset };
}

/** (x - mean) / max(sqrt(variance), 1e-7); the two stand in the configuration or were learnt. */
export function readNormalization({ name, config, weight }: LayerContext, input: Shape | undefined): AffineOp {
  if (field(config, 'invert') === true) throw unsupported(`"${name}" undoes a normalization, which cannot be read.`);
  const numbers = (key: 'mean' | 'variance') => {
    const given = field(config, key) ?? null;
    return given === null ? weight(key).values : readNumbers(given, `"${key}" of "${name}"`);
  };
  const deviations = Array.from(numbers('variance'), (variance) => Math.max(Math.sqrt(variance), NORMALIZATION_FLOOR));
  if (deviations.some(Number.isNaN)) throw corrupt(`The variance of "${name}" is below zero.`);
  const moved = arithmeticOp('difference', numbers('mean'), false, input, name);
  const { scale } = arithmeticOp('quotient', deviations, false, input, name);
  return { ...moved, scale, offset: moved.offset.map((offset, c) => offset * (scale[c] ?? 1)) };
}

/** A number, or numbers in lists of whatever depth. */
function readNumbers(value: unknown, what: string): number[] {
  if (!Array.isArray(value)) return [requireNumber(value, what)];
  const flat = requireList(value, what).flat(MAX_LIST_DEPTH);
  return flat.map((number) => requireNumber(number, what));
}

const MAX_LIST_DEPTH = 4;
