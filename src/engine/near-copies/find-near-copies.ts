import { throwIfAborted } from '../../rpc/abort-error.ts';
import { visitBand } from './candidate-pairs.ts';
import { CompactRows } from './compact-rows.ts';

/**
 * How alike the features of copies are at least, by how many bits of their perceptual hashes differ. Chosen between planted
 * copies and distinct photos of one class: `npm run bench near-copies`, docs/measurements.md.
 */
const LEAST_COSINES = [
  { mostBits: 4, cosine: 0.4 },
  { mostBits: 12, cosine: 0.5 },
  { mostBits: 18, cosine: 0.65 },
  { mostBits: 22, cosine: 0.8 },
] as const;
const MOST_BITS = 22;
/** Where a photo has no hash, features alone have to say it. */
const LEAST_COSINE_ALONE = 0.94;
/**
 * When two groups are joined, half of the pairs across are copies of each other, or little less: a chain of small steps does
 * not make a group of a class, and a burst in which the camera moves does not fall apart.
 */
const SLACK = { bits: 6, cosine: 0.15 } as const;
/** Of large groups so many members stand for the others when two are joined. */
const MOST_COMPARED = 6;

const ROWS_AT_ONCE = 512;
/** Rows that the mean is taken of. */
const MEAN_ROWS = 1024;

interface Surroundings {
  readonly signal: AbortSignal;
  readonly yieldToEvents: () => Promise<void>;
}

export interface CopySource {
  readonly count: number;
  readonly featureLength: number;
  /** 16 hexadecimal digits of every row; null where a photo has no hash. */
  readonly hashes: readonly (string | null)[];
  /** float32 [rows.length, featureLength]. */
  readonly gather: (rows: readonly number[]) => Promise<Float32Array>;
}

interface Edge {
  readonly first: number;
  readonly second: number;
  readonly cosine: number;
}

/**
 * Groups of photos that show the same but for their size, compression, a small crop or shift, their brightness or noise: their
 * perceptual hashes differ in few bits, and the features of the network agree. Candidates come from bands of bits that two
 * copies are likely to have in common (locality-sensitive hashing: P. Indyk and R. Motwani, 1998; M. Charikar, 2002), so
 * that the cost grows with the number of photos and not with its square.
 *
 * @returns number of its group for every row, from 0 on; -1 for a photo without a copy.
 * @throws DOMException 'AbortError' once cancelled.
 */
export async function findNearCopies(source: CopySource, around: Surroundings): Promise<Int32Array> {
  const { count } = source;
  if (count < 2) return new Int32Array(count).fill(-1);
  const compact = await compactRows(source, around);
  const rows = new LikeRows(compact, hashWords(source.hashes));
  const edges = await findEdges(rows, around);
  edges.sort((one, other) => other.cosine - one.cosine || one.first - other.first || one.second - other.second);
  return joined(edges, rows);
}

async function compactRows({ count, featureLength, gather }: CopySource, around: Surroundings): Promise<CompactRows> {
  const step = Math.max(1, Math.floor(count / MEAN_ROWS));
  const sample = Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
  const compact = new CompactRows(count, featureLength, meanOf(await gather(sample), featureLength));
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    await around.yieldToEvents();
    throwIfAborted(around.signal);
    const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, count - from) }, (_, index) => from + index);
    compact.put(from, await gather(rows));
  }
  return compact;
}

function meanOf(values: Float32Array, featureLength: number): Float64Array {
  const mean = new Float64Array(featureLength);
  const count = values.length / featureLength;
  values.forEach((value, at) => {
    mean[at % featureLength] = (mean[at % featureLength] ?? 0) + value / count;
  });
  return mean;
}

const WORDS = 4;

/** Hashes of all rows, four numbers of 16 bits each. */
interface HashWords {
  readonly words: Uint16Array;
  /** 0 for a row without a hash. */
  readonly isThere: Uint8Array;
}

function hashWords(hashes: readonly (string | null)[]): HashWords {
  const words = new Uint16Array(WORDS * hashes.length);
  hashes.forEach((hash, row) => {
    for (let at = 0; at < WORDS; at += 1) {
      words[WORDS * row + at] = Number.parseInt((hash ?? '').slice(4 * at, 4 * at + 4), 16);
    }
  });
  return { words, isThere: Uint8Array.from(hashes, (hash) => (hash === null ? 0 : 1)) };
}

/** Bits that are set, by number of 16 bits. */
const BITS = Uint8Array.from({ length: 2 ** 16 }, (_, word) => {
  let bits = 0;
  for (let rest = word; rest > 0; rest &= rest - 1) bits += 1;
  return bits;
});

/** Rows with their hashes. */
class LikeRows {
  constructor(
    readonly compact: CompactRows,
    readonly hashes: HashWords,
  ) {}

  /** Bits that differ; null where one of the two has no hash. */
  bits(first: number, second: number): number | null {
    const { words, isThere } = this.hashes;
    if (isThere[first] === 0 || isThere[second] === 0) return null;
    let bits = 0;
    for (let at = 0; at < WORDS; at += 1) {
      bits += BITS[(words[WORDS * first + at] ?? 0) ^ (words[WORDS * second + at] ?? 0)] ?? 0;
    }
    return bits;
  }

  /** Whether two members of a group may be so different. */
  areNear(first: number, second: number): boolean {
    const bits = this.bits(first, second);
    const least = bits === null ? LEAST_COSINE_ALONE : leastCosine(Math.min(bits, MOST_BITS));
    return (bits ?? 0) <= MOST_BITS + SLACK.bits && this.compact.cosine(first, second) >= least - SLACK.cosine;
  }
}

function leastCosine(bits: number): number {
  return LEAST_COSINES.find(({ mostBits }) => bits <= mostBits)?.cosine ?? Number.POSITIVE_INFINITY;
}

async function findEdges(rows: LikeRows, around: Surroundings): Promise<Edge[]> {
  const { compact, hashes } = rows;
  const edges: Edge[] = [];
  const seen = new Set<number>();
  const visit = (first: number, second: number) => {
    const bits = rows.bits(first, second);
    if (bits !== null && bits > MOST_BITS) return;
    const [low, high] = [Math.min(first, second), Math.max(first, second)];
    const pair = low * compact.count + high;
    if (seen.has(pair)) return;
    seen.add(pair);
    const cosine = compact.cosine(low, high);
    if (cosine >= (bits === null ? LEAST_COSINE_ALONE : leastCosine(bits)))
      edges.push({ first: low, second: high, cosine });
  };
  for (const { keys, order } of bandsOf(compact, hashes)) {
    await around.yieldToEvents();
    throwIfAborted(around.signal);
    visitBand(keys, order, visit);
  }
  return edges;
}

/** Bits of the features, and the eight bytes of the hashes. */
function* bandsOf(compact: CompactRows, { words, isThere }: HashWords) {
  for (const keys of compact.bandKeys) yield { keys, order: compact.order };
  const order = Uint32Array.from(
    isThere,
    (_, row) => (words[WORDS * row] ?? 0) * 2 ** 16 + (words[WORDS * row + 1] ?? 0),
  );
  for (let byte = 0; byte < 2 * WORDS; byte += 1) {
    const shift = byte % 2 === 0 ? 8 : 0;
    // Rows without a hash are found by their features: here each has a key of its own, as far as there are any.
    const keyOf = (there: number, row: number) =>
      there === 0 ? 256 + (row % (2 ** 16 - 256)) : ((words[WORDS * row + (byte >> 1)] ?? 0) >>> shift) % 256;
    yield { keys: Uint16Array.from(isThere, keyOf), order };
  }
}

/** Joins the most alike first, and two groups only where most of their members are alike as well. */
function joined(edges: readonly Edge[], rows: LikeRows): Int32Array {
  const groups = new Map<number, number[]>();
  const groupOf = (row: number) => groups.get(row) ?? [row];
  for (const { first, second } of edges) {
    const [one, other] = [groupOf(first), groupOf(second)];
    if (one === other || !areAlike(one, other, rows)) continue;
    const [large, small] = one.length < other.length ? [other, one] : [one, other];
    for (const row of small) large.push(row);
    for (const row of large.length === 2 ? large : small) groups.set(row, large);
    groups.set(large[0] ?? 0, large);
  }
  const numbers = new Map<readonly number[], number>();
  return Int32Array.from({ length: rows.compact.count }, (_, row) => {
    const group = groups.get(row);
    if (group === undefined) return -1;
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
}

function areAlike(one: readonly number[], other: readonly number[], rows: LikeRows): boolean {
  const pairs = spread(one).flatMap((first) => spread(other).map((second) => rows.areNear(first, second)));
  return 2 * pairs.filter(Boolean).length >= pairs.length;
}

/** A few members from all of a group. */
function spread(members: readonly number[]): readonly number[] {
  if (members.length <= MOST_COMPARED) return members;
  return Array.from(
    { length: MOST_COMPARED },
    (_, index) => members[Math.floor((index * (members.length - 1)) / (MOST_COMPARED - 1))] ?? 0,
  );
}
