import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../src/domain/settings.ts';
import { photoDecoder } from './helpers/engine-decoder.ts';
import { readNetwork, startWasm } from './helpers/network-files.ts';
import { askHeads, COLUMNS, type Column } from './recipe/ask-heads.ts';
import { type ScikitLearn, startScikitLearn } from './recipe/ask-scikit-learn.ts';
import { DATASETS, type FoundBackbone, findBackbones, type PhotoRows, readPhotoRows } from './recipe/cells.ts';
import type { CellSize } from './recipe/deal-rows.ts';
import { KeptScores } from './recipe/kept-scores.ts';
import type { HeadScore } from './recipe/score-head.ts';
import { markdownTable, summaryOf, type TableRow } from './recipe/table.ts';

const SCORES_FILE = join('.graft', 'bench-recipe', 'scores.jsonl');
const JUDGE = 'scikit-learn';
const SIZES: readonly CellSize[] = [5, 10, 20, 60, 'all'];

interface Plan {
  readonly datasets: readonly string[];
  readonly backbones: readonly FoundBackbone[];
  readonly sizes: readonly CellSize[];
  readonly seedCount: number;
  /** Photos a class to learn from at most. */
  readonly learntLimit: number;
  readonly fresh: boolean;
  readonly featuresOnly: boolean;
  readonly columns: readonly Column[];
  readonly withValidation: boolean;
}

/**
 * `npm run bench recipe [nets=part of id,...] [sets=...] [sizes=...] [seeds=5] [learn=240] [heads=...] [validation=none] [--fresh]
 * [--features]`: test accuracy of every head with its default settings on the features of every backbone beside the checkout and
 * the bundled one, and of scikit-learn's LogisticRegressionCV where Python has it. Of the photos to learn from, Graft's default
 * share is for validation, or none. Features and scores are kept in `.graft` between runs; a score is computed anew when the code
 * of its head has changed, or with `--fresh`. With `--features` only those are computed.
 */
export async function run(args: string[]): Promise<void> {
  await startWasm();
  const plan = readArgs(args);
  const kept = new KeptScores<HeadScore>(SCORES_FILE, plan.fresh);
  const scikitLearn = startScikitLearn();
  const decoder = photoDecoder();
  const rows: TableRow<Column>[] = [];
  for (const backbone of plan.backbones) {
    const graph = await readNetwork(backbone.id);
    if (graph === null) continue;
    for (const dataset of plan.datasets) {
      const photos = await readPhotoRows(dataset, backbone, graph, plan.learntLimit, decoder);
      if (plan.featuresOnly) console.log(`${backbone.id} ${dataset}: features are there`);
      if (photos === null || plan.featuresOnly) continue;
      for (const size of plan.sizes)
        rows.push(await askCell({ plan, backbone, dataset, photos, size, kept, scikitLearn }));
    }
  }
  await decoder.close();
  scikitLearn?.close();
  if (plan.featuresOnly) return;
  console.log(markdownTable(rows, COLUMNS));
  const own = DEFAULT_SETTINGS.head;
  const others = COLUMNS.map(({ column }) => column).filter((column) => column !== own && column !== JUDGE);
  for (const line of summaryOf(rows, { own, others, simplest: 'prototypes', judge: JUDGE })) console.log(line);
}

function readArgs(args: readonly string[]): Plan {
  const given = new Map(args.filter((arg) => arg.includes('=')).map((arg) => arg.split('=') as [string, string]));
  const words = (name: string) => given.get(name)?.split(',') ?? null;
  const nets = words('nets');
  return {
    datasets: words('sets') ?? DATASETS,
    backbones: findBackbones().filter(({ id }) => nets === null || nets.some((part) => id.includes(part))),
    sizes: words('sizes')?.map((word) => (word === 'all' ? word : Number(word))) ?? SIZES,
    seedCount: Number(given.get('seeds') ?? 5),
    learntLimit: Number(given.get('learn') ?? 240),
    fresh: args.includes('--fresh'),
    columns: COLUMNS.map(({ column }) => column).filter((column) => words('heads')?.includes(column) ?? true),
    withValidation: given.get('validation') !== 'none',
    featuresOnly: args.includes('--features'),
  };
}

interface Asked {
  readonly plan: Plan;
  readonly backbone: FoundBackbone;
  readonly dataset: string;
  readonly photos: PhotoRows;
  readonly size: CellSize;
  readonly kept: KeptScores<HeadScore>;
  readonly scikitLearn: ScikitLearn | null;
}

async function askCell({ plan, backbone, dataset, photos, size, kept, scikitLearn }: Asked): Promise<TableRow<Column>> {
  const rights = new Map<Column, string[]>();
  const startedMs = performance.now();
  for (let seed = 1; seed <= plan.seedCount; seed++) {
    const cell = { dataset, size, seed, withValidation: plan.withValidation };
    const scores = await askHeads(
      { rows: photos, backboneKey: backbone.key, kept, scikitLearn, columns: plan.columns },
      cell,
    );
    for (const [column, { right }] of scores) rights.set(column, [...(rights.get(column) ?? []), right]);
  }
  const row = { backboneId: backbone.id, dataset, size, rights };
  console.log(
    `${markdownTable([row], COLUMNS).split('\n').at(-1)} ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
  );
  return row;
}
