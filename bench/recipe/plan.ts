import { COLUMNS, type Column } from './ask-heads.ts';
import { DATASETS, type FoundBackbone, findBackbones } from './cells.ts';
import type { CellSize } from './deal-rows.ts';

/** Photos a class to learn from at most. */
const LEARNT_LIMIT = 240;
/** Features of so many photos would take hours with these: their largest cell is one of 60 a class. */
const SLOW_BACKBONES = ['resnet', 'mobilenet_v1_1.0', 'mobilenet_v2_1.4'];
const SLOW_LEARNT_LIMIT = 60;
const SIZES: readonly CellSize[] = [5, 10, 20, 60, 'all'];
const SEED_COUNT = 5;
/** All photos are the same for every seed: what is for validation alone differs. */
const SEED_COUNT_OF_ALL = 2;

/** What a run of the bench measures. */
export interface Plan {
  readonly datasets: readonly string[];
  readonly backbones: readonly PlannedBackbone[];
  readonly seedCountOf: (size: CellSize) => number;
  readonly columns: readonly Column[];
  readonly withValidation: boolean;
  readonly does: 'everything' | 'features' | 'kept';
  readonly fresh: boolean;
}

/** A backbone with what is measured on it. */
export interface PlannedBackbone extends FoundBackbone {
  readonly learntLimit: number;
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
    datasets: words('sets') ?? DATASETS,
    backbones: findBackbones()
      .filter(({ id }) => nets === null || nets.some((part) => id.includes(part)))
      .map((backbone) => ({ ...backbone, ...extentOf(backbone.id, sizes) })),
    seedCountOf: (size) => (size === 'all' ? Math.min(seedCount, SEED_COUNT_OF_ALL) : seedCount),
    columns: COLUMNS.map(({ column }) => column).filter((column) => words('heads')?.includes(column) ?? true),
    withValidation: given.get('validation') !== 'none',
    does: args.includes('--features') ? 'features' : args.includes('--kept') ? 'kept' : 'everything',
    fresh: args.includes('--fresh'),
  };
}

function extentOf(id: string, sizes: readonly CellSize[]): Pick<PlannedBackbone, 'learntLimit' | 'sizes'> {
  if (!SLOW_BACKBONES.some((part) => id.startsWith(part))) return { learntLimit: LEARNT_LIMIT, sizes };
  return { learntLimit: SLOW_LEARNT_LIMIT, sizes: sizes.filter((size) => size !== 'all') };
}
