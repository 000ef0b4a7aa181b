import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../src/domain/settings.ts';
import { haveDataset } from './helpers/datasets.ts';
import { type PhotoDecoder, photoDecoder } from './helpers/engine-decoder.ts';
import { readNetwork, startWasm } from './helpers/network-files.ts';
import { askHeads, COLUMNS, type Column } from './recipe/ask-heads.ts';
import { type ScikitLearn, startScikitLearn } from './recipe/ask-scikit-learn.ts';
import { type PhotoRows, photoRowsOf } from './recipe/cells.ts';
import type { CellSize } from './recipe/deal-rows.ts';
import { KeptScores } from './recipe/kept-scores.ts';
import { type Plan, type PlannedBackbone, readPlan } from './recipe/plan.ts';
import type { HeadScore } from './recipe/score-head.ts';
import { countsText, markdownTable, overBackbones, summaryOf, type TableRow } from './recipe/table.ts';

const SCORES_FILE = join('.graft', 'bench-recipe', 'scores.jsonl');
const JUDGE = 'scikit-learn';

/**
 * `npm run bench recipe [nets=part of id,...] [sets=...] [sizes=...] [seeds=3] [heads=...] [validation=none] [--fresh] [--features |
 * --kept]`: test accuracy of every head with its default settings on the features of every backbone beside the checkout and the
 * bundled one, and of scikit-learn's LogisticRegressionCV where Python has it. Of the photos to learn from, Graft's default share
 * is for validation, or none. Features and scores are kept in `.graft` between runs; a score is computed anew when the code of its
 * head has changed, or with `--fresh`. `--features` computes those alone, `--kept` nothing: it prints the scores there are.
 */
export async function run(args: string[]): Promise<void> {
  await startWasm();
  const plan = readPlan(args);
  const bench: Bench = {
    plan,
    kept: new KeptScores<HeadScore>(SCORES_FILE, plan.fresh),
    scikitLearn: plan.does === 'everything' && plan.columns.includes(JUDGE) ? startScikitLearn() : null,
    decoder: photoDecoder(),
  };
  const rows: TableRow<Column>[] = [];
  for (const backbone of plan.backbones) {
    for (const dataset of backbone.datasets) rows.push(...(await askAbout(bench, backbone, dataset)));
  }
  await bench.decoder.close();
  bench.scikitLearn?.close();
  if (plan.does === 'features') return;
  console.log(markdownTable(rows, COLUMNS));
  console.log(markdownTable(overBackbones(rows, plan.columns), COLUMNS));
  const own = DEFAULT_SETTINGS.head;
  const others = COLUMNS.map(({ column }) => column).filter((column) => column !== own && column !== JUDGE);
  for (const line of summaryOf(rows, { own, others, simplest: 'prototypes', judge: JUDGE })) console.log(line);
}

interface Bench {
  readonly plan: Plan;
  readonly kept: KeptScores<HeadScore>;
  readonly scikitLearn: ScikitLearn | null;
  readonly decoder: PhotoDecoder;
}

async function askAbout(bench: Bench, backbone: PlannedBackbone, dataset: string): Promise<TableRow<Column>[]> {
  const { plan, decoder } = bench;
  const graph = haveDataset(dataset) ? await readNetwork(backbone.id) : null;
  if (graph === null) return [];
  const photos = photoRowsOf(dataset, backbone, graph, backbone.learntLimit, decoder);
  if (plan.does === 'features') {
    await photos.features();
    console.log(`${backbone.id} ${dataset}: features are there`);
    return [];
  }
  const rows: TableRow<Column>[] = [];
  for (const size of backbone.sizes) {
    const row = await askCell(bench, backbone.id, dataset, photos, size);
    if (row.rights.size > 0) rows.push(row);
  }
  return rows;
}

async function askCell(
  { plan, kept, scikitLearn }: Bench,
  backboneId: string,
  dataset: string,
  photos: PhotoRows,
  size: CellSize,
): Promise<TableRow<Column>> {
  const asked = { rows: photos, kept, scikitLearn, columns: plan.columns, keptOnly: plan.does === 'kept' };
  const rights = new Map<Column, string[]>();
  const chosen: string[] = [];
  const startedMs = performance.now();
  for (let seed = 1; seed <= plan.seedCountOf(size); seed++) {
    const cell = { dataset, size, seed, withValidation: plan.withValidation };
    for (const [column, score] of await askHeads(asked, cell)) {
      rights.set(column, [...(rights.get(column) ?? []), score.right]);
      if (score.chosen !== undefined) chosen.push(score.chosen);
    }
  }
  // With some seeds missing a column is not compared with others.
  for (const [column, bySeed] of rights) if (bySeed.length < plan.seedCountOf(size)) rights.delete(column);
  const row = { backboneId, dataset, size, rights };
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${markdownTable([row], COLUMNS).split('\n').at(-1)} ${countsText(chosen)} ${seconds} s`);
  return row;
}
