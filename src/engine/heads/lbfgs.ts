/** Value and gradient of a function at one place. */
export interface Evaluated {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Where the search stands after one step. */
interface LbfgsStep {
  readonly iterationIndex: number;
  readonly point: Float64Array;
  readonly value: number;
  /** Largest absolute slope. */
  readonly largestSlope: number;
}

export interface LbfgsOptions {
  readonly start: Float64Array;
  readonly evaluate: (point: Float64Array) => Promise<Evaluated>;
  readonly maxIterations: number;
  /** Converged once no slope is larger. */
  readonly tolerance: number;
  /** Called after every step; true ends the search there. */
  readonly onStep: (step: LbfgsStep) => Promise<boolean>;
}

export interface LbfgsResult {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterationCount: number;
  readonly converged: boolean;
  readonly ended: boolean;
}

/** Steps remembered to guess the curvature from. */
const MEMORY = 10;
/** A step is taken once it brings this share of what the slope promises (Armijo). */
const SUFFICIENT = 1e-4;
const MAX_HALVINGS = 30;

interface Remembered {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly product: number;
}

/**
 * Minimises a smooth convex function with limited memory (L-BFGS, Nocedal and Wright, "Numerical Optimization", 2006,
 * algorithms 7.4 and 7.5), with a line search that halves. A step along which the slope did not rise is not remembered,
 * which keeps the guessed curvature positive.
 */
export async function minimise(options: LbfgsOptions): Promise<LbfgsResult> {
  const { evaluate, maxIterations, tolerance, onStep } = options;
  let point = options.start;
  let { value, gradient } = await evaluate(point);
  const memory: Remembered[] = [];
  for (let iterationIndex = 0; iterationIndex < maxIterations; iterationIndex++) {
    const direction = directionFrom(gradient, memory);
    const first = memory.length === 0 ? Math.min(1, 1 / Math.max(norm(gradient), Number.EPSILON)) : 1;
    const next = await searchLine(point, value, gradient, direction, first, evaluate);
    if (next === null) return { point, value, iterationCount: iterationIndex, converged: true, ended: false };
    remember(memory, difference(next.point, point), difference(next.gradient, gradient));
    ({ point, value, gradient } = next);
    const largestSlope = largest(gradient);
    const ended = await onStep({ iterationIndex, point, value, largestSlope });
    const converged = largestSlope <= tolerance;
    if (ended || converged) return { point, value, iterationCount: iterationIndex + 1, converged, ended };
  }
  return { point, value, iterationCount: maxIterations, converged: false, ended: false };
}

/** The two loops: the gradient turned by the curvature that the remembered steps show, downhill. */
function directionFrom(gradient: Float64Array, memory: readonly Remembered[]): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const shares: number[] = [];
  for (const { moved, turned, product } of memory.toReversed()) {
    const share = dot(moved, direction) / product;
    shares.unshift(share);
    addTo(direction, turned, -share);
  }
  const last = memory.at(-1);
  if (last !== undefined) {
    const scale = last.product / dot(last.turned, last.turned);
    direction.forEach((slope, index) => {
      direction[index] = slope * scale;
    });
  }
  memory.forEach(({ moved, turned, product }, index) => {
    addTo(direction, moved, (shares[index] ?? 0) - dot(turned, direction) / product);
  });
  return direction;
}

/** @returns null when no step along the direction is lower: within rounding, this is the minimum. */
async function searchLine(
  point: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  firstLength: number,
  evaluate: LbfgsOptions['evaluate'],
): Promise<(Evaluated & { readonly point: Float64Array }) | null> {
  const slope = dot(gradient, direction);
  if (!(slope < 0)) return null;
  let length = firstLength;
  for (let halving = 0; halving < MAX_HALVINGS; halving++) {
    const candidate = point.slice();
    addTo(candidate, direction, length);
    const found = await evaluate(candidate);
    if (found.value <= value + SUFFICIENT * length * slope) return { ...found, point: candidate };
    length /= 2;
  }
  return null;
}

function remember(memory: Remembered[], moved: Float64Array, turned: Float64Array): void {
  const product = dot(moved, turned);
  if (product <= 1e-10 * dot(turned, turned)) return;
  memory.push({ moved, turned, product });
  if (memory.length > MEMORY) memory.shift();
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}

const norm = (values: Float64Array) => Math.sqrt(dot(values, values));

function largest(values: Float64Array): number {
  let found = 0;
  for (let index = 0; index < values.length; index++) found = Math.max(found, Math.abs(values[index] ?? 0));
  return found;
}

function difference(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, index) => value - (other[index] ?? 0));
}

function addTo(target: Float64Array, values: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index++) {
    target[index] = (target[index] ?? 0) + factor * (values[index] ?? 0);
  }
}
