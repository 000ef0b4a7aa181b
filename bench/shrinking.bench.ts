import type { Features } from '../src/engine/training/features.ts';
import { haveDataset, readPhotos } from './helpers/datasets.ts';
import { embedAll, haveNetwork, startWasm } from './helpers/embed-photos.ts';
import { shrinkPhotos, type Way } from './helpers/shrink-photos.ts';
import { accuracyRatio, answersTo, type Labels, mean, splitPhotos, trainOnPhotos } from './helpers/train-on-photos.ts';

interface Labelled extends Labels {
  /** One row a photo, by how the photos were shrunk. */
  readonly features: Readonly<Record<Way, Features>>;
}

/** How the photos of training and those of the test were shrunk. */
const CASES: readonly { readonly train: Way; readonly test: Way }[] = [
  { train: 'halves', test: 'halves' },
  { train: 'low', test: 'low' },
  { train: 'medium', test: 'medium' },
  { train: 'halves', test: 'low' },
];

/**
 * `npm run bench shrinking [data set] [backbone id] [side] [photos a class] [split seeds]`: test accuracy by how large
 * photos are shrunk, head trained with the default settings. The network runs at a smaller side than it was made for, so
 * that these photos shrink as much as larger ones would. All rows share the same splits; differences are to the first.
 */
export async function run(args: string[]): Promise<void> {
  const [dataset = 'trashnet', id = 'mobilenet_v2_1.0_224_tf2_f16'] = args;
  const [side = 72, perClass = 300, seedCount = 8] = args.slice(2).map(Number);
  if (!haveDataset(dataset)) return;
  if (!haveNetwork(id)) return;
  await startWasm();
  const data = await prepare(dataset, id, side, perClass);
  console.log('trained on | tested on | mean accuracy | by split seed | difference');
  const first: number[] = [];
  for (const { train, test } of CASES) {
    const ratios: number[] = [];
    for (let seed = 1; seed <= seedCount; seed++) ratios.push(await testAccuracy(data, seed, train, test));
    if (first.length === 0) first.push(...ratios);
    const list = ratios.map((ratio) => ratio.toFixed(3)).join(' ');
    console.log(`${train} | ${test} | ${mean(ratios).toFixed(4)} | ${list} | ${differenceText(ratios, first)}`);
  }
}

async function prepare(dataset: string, id: string, side: number, perClass: number): Promise<Labelled> {
  const photos = [...readPhotos(dataset, perClass)];
  const names = [...new Set(photos.map(({ className }) => className))];
  const shrunk = await shrinkPhotos(
    photos.map(({ bytes }) => bytes),
    side,
  );
  const shrinking = mean(shrunk.map(({ ratio }) => ratio)).toFixed(2);
  console.log(
    `${dataset}, ${photos.length} photos, ${names.length} classes, ${id} at ${side} px: shrunk ${shrinking}x`,
  );
  const features = {
    halves: await embedAll(
      id,
      side,
      shrunk.map(({ halves }) => halves),
    ),
    low: await embedAll(
      id,
      side,
      shrunk.map(({ low }) => low),
    ),
    medium: await embedAll(
      id,
      side,
      shrunk.map(({ medium }) => medium),
    ),
  };
  const classIndices = photos.map(({ className }) => names.indexOf(className));
  return { classIndices, classCount: names.length, features };
}

/** Accuracy on the test part of a head with the default settings. */
async function testAccuracy(data: Labelled, seed: number, train: Way, test: Way): Promise<number> {
  const parts = splitPhotos(data, seed);
  const head = await trainOnPhotos(data, data.features[train], parts, seed);
  return accuracyRatio(data, parts, await answersTo(data.features[test], head));
}

/** Mean difference in percentage points, seed by seed, and its standard error. */
function differenceText(ratios: readonly number[], first: readonly number[]): string {
  const points = ratios.map((ratio, at) => 100 * (ratio - (first[at] ?? Number.NaN)));
  const middle = mean(points);
  const error = Math.sqrt(mean(points.map((value) => (value - middle) ** 2)) / (points.length - 1));
  return `${middle >= 0 ? '+' : ''}${middle.toFixed(2)} points (standard error ${error.toFixed(2)})`;
}
