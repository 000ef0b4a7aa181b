/** A deterministic source of random numbers: same seed and name, same numbers on every machine. */
export interface RandomStream {
  /** Next 32 random bits as an integer, 0 to 4,294,967,295. */
  uint32(): number;
  /** Fills `target` with what as many calls of `uint32` would give, several times as fast. */
  fill(target: Uint32Array): void;
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number;
  /** Uniform integer in [0, bound); `bound` is 1 to 2^32. */
  below(bound: number): number;
  /** Standard normal, mean 0 and deviation 1 (Box and Muller, 1958). */
  normal(): number;
}

const TWO_TO_32 = 4_294_967_296;

/** Last step of MurmurHash3 (A. Appleby): every input bit reaches every output bit. */
function scramble(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** FNV-1a over UTF-16 code units, then scrambled. @returns an integer, 0 to 4,294,967,295. */
function hashText(text: string, basis: number): number {
  let bits = 0x811c9dc5 ^ basis;
  for (let index = 0; index < text.length; index++) {
    bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
  }
  return scramble(bits);
}

/** The number a seed and a text stand for, uniform in [0, 1). It depends on nothing else. */
export function uniformFromText(seed: number, text: string): number {
  return hashText(`${seed}:${text}`, 0) / TWO_TO_32;
}

/**
 * Opens the stream `name` of a seed. Streams of different names are independent of each other, so that
 * drawing more numbers in one (say, dropout) leaves the others (say, the order of rows) as they were.
 * Generator: sfc32 of PractRand (C. Doty-Humphrey), 128 bits of state.
 */
export function randomStream(seed: number, name: string): RandomStream {
  const key = `${seed}/${name}`;
  const state = Int32Array.of(hashText(key, 1), hashText(key, 2), hashText(key, 3), 1);
  // The first outputs still show the seed; PractRand discards as many.
  advance(state, new Uint32Array(15));

  const one = new Uint32Array(1);
  const uint32 = (): number => {
    advance(state, one);
    return one[0] ?? 0;
  };
  const uniform = (): number => uint32() / TWO_TO_32;
  return {
    uint32,
    fill: (target) => advance(state, target),
    uniform,
    below: (bound) => Math.floor(uniform() * bound),
    // 1 - u lies in (0, 1], which keeps the logarithm finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** Runs sfc32 from `state` (a, b, c, counter), fills `target` and leaves the new state behind. */
function advance(state: Int32Array, target: Uint32Array): void {
  let [a = 0, b = 0, c = 0, counter = 0] = state;
  for (let index = 0; index < target.length; index++) {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    target[index] = sum;
  }
  state.set([a, b, c, counter]);
}

/** Puts the numbers 0 to `count` - 1 in random order (Fisher and Yates). */
export function shuffledIndices(count: number, random: RandomStream): Int32Array {
  const order = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const other = random.below(index + 1);
    order[index] = order[other] ?? 0;
    order[other] = index;
  }
  return order;
}
