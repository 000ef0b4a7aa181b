import { COLUMNS, type Column } from './ask-heads.ts';
import { DATASETS, type FoundBackbone, findBackbones } from './cells.ts';
import type { CellSize } from './deal-rows.ts';

/** How much is measured on a backbone. */
interface Extent {
  /** Photos a class to learn from at most. */
  readonly learntLimit: number;
  readonly datasets: readonly string[];
}

const FULL: Extent = { learntLimit: 240, datasets: DATASETS };
/** By how an id begins: more features would take hours with these, and cells that need them are left out. */
const LESS: Readonly<Record<string, Extent>> = {
  resnet18: { learntLimit: 60, datasets: DATASETS },
  'mobilenet_v1_1.0': { learntLimit: 60, datasets: DATASETS },
  'mobilenet_v2_1.4': { learntLimit: 60, datasets: DATASETS },
  resnet50v2: { learntLimit: 20, datasets: ['flowers5'] },
};
const SIZES: readonly CellSize[] = [5, 10, 20, 60, 'all'];
const SEED_COUNT = 3;
/** All photos are the same for every seed: what is for validation alone differs. */
const SEED_COUNT_OF_ALL = 2;

/** What a run of the bench measures. */
export interface Plan {
  readonly backbones: readonly PlannedBackbone[];
  readonly seedCountOf: (size: CellSize) => number;
  readonly columns: readonly Column[];
  readonly withValidation: boolean;
  readonly does: 'everything' | 'features' | 'kept';
  readonly fresh: boolean;
}

/** A backbone with what is measured on it. */
export interface PlannedBackbone extends FoundBackbone, Extent {
  readonly sizes: readonly CellSize[];
}

/** @param args see `bench/recipe.bench.ts`. */
export function readPlan(args: readonly string[]): Plan {
  const given = new Map(args.filter((arg) => arg.includes('=')).map((arg) => arg.split('=') as [string, string]));
  const words = (name: string) => given.get(name)?.split(',') ?? null;
  const nets = words('nets');
  const sizes = words('sizes')?.map((word) => (word === 'all' ? word : Number(word))) ?? SIZES;
  const seedCount = Number(given.get('seeds') ?? SEED_COUNT);
  return {
    backbones: findBackbones()
      .filter(({ id }) => nets === null || nets.some((part) => id.includes(part)))
      .map((backbone) => ({ ...backbone, ...extentOf(backbone.id, sizes, words('sets') ?? DATASETS) })),
    seedCountOf: (size) => (size === 'all' ? Math.min(seedCount, SEED_COUNT_OF_ALL) : seedCount),
    columns: COLUMNS.map(({ column }) => column).filter((column) => words('heads')?.includes(column) ?? true),
    withValidation: given.get('validation') !== 'none',
    does: args.includes('--features') ? 'features' : args.includes('--kept') ? 'kept' : 'everything',
    fresh: args.includes('--fresh'),
  };
}

function extentOf(
  id: string,
  sizes: readonly CellSize[],
  datasets: readonly string[],
): Omit<PlannedBackbone, keyof FoundBackbone> {
  const extent = Object.entries(LESS).find(([start]) => id.startsWith(start))?.[1] ?? FULL;
  const isThere = (size: CellSize) => (size === 'all' ? extent === FULL : size <= extent.learntLimit);
  const wanted = datasets.filter((dataset) => extent.datasets.includes(dataset));
  return { learntLimit: extent.learntLimit, datasets: wanted, sizes: sizes.filter(isThere) };
}
