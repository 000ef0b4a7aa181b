import { packRow, unpackRow } from '../src/engine/packed-row.ts';
import type { Features } from '../src/engine/training/features.ts';
import { haveDataset, readPhotos } from './helpers/datasets.ts';
import { embedAll, haveNetwork, startWasm } from './helpers/embed-photos.ts';
import { shrinkPhotos } from './helpers/shrink-photos.ts';
import {
  accuracyRatio,
  answersTo,
  type Labels,
  mean,
  splitPhotos,
  topClasses,
  trainOnPhotos,
} from './helpers/train-on-photos.ts';

/**
 * `npm run bench half-features [data set] [backbone id] [side] [photos a class] [split seeds]`: what keeping features in half
 * precision changes. Heads with the default settings are trained on the features as computed and on the same as kept; the
 * first head is also asked about both.
 */
export async function run(args: string[]): Promise<void> {
  const [dataset = 'flowers5', id = 'mobilenet_v2_1.0_224_tf2_f16'] = args;
  const [side = 224, perClass = 200, seedCount = 8] = args.slice(2).map(Number);
  if (!haveDataset(dataset) || !haveNetwork(id)) return;
  await startWasm();
  const photos = [...readPhotos(dataset, perClass)];
  const names = [...new Set(photos.map(({ className }) => className))];
  const labels = { classIndices: photos.map(({ className }) => names.indexOf(className)), classCount: names.length };
  const bytes = photos.map((photo) => photo.bytes);
  const pixels = (await shrinkPhotos(bytes, side)).map(({ halves }) => halves);
  const exact = await embedAll(id, side, pixels);
  const kept = keep(exact);
  console.log(`${dataset}, ${photos.length} photos, ${id}`);
  console.log(
    `bytes of 10,000 images: ${bytesOf(exact, Float32Array)} as float32, ${bytesOf(exact, Uint16Array)} kept`,
  );
  console.log(
    'seed | accuracy | trained on kept | answers changed | same head, kept | changed | largest probability change',
  );
  const rows: Change[] = [];
  for (let seed = 1; seed <= seedCount; seed++) {
    const change = await changeOf(labels, exact, kept, seed);
    rows.push(change);
    console.log(`${seed} | ${numbersOf(change)}`);
  }
  const keys = Object.keys(rows[0] ?? {}) as (keyof Change)[];
  const means = Object.fromEntries(keys.map((key) => [key, mean(rows.map((row) => row[key]))]));
  console.log(`mean | ${numbersOf(means)}`);
}

interface Change {
  readonly exactRatio: number;
  readonly keptRatio: number;
  /** Of the held-out photos, between the two heads. */
  readonly changedCount: number;
  readonly sameHeadRatio: number;
  readonly sameHeadChangedCount: number;
  readonly largestChangeRatio: number;
}

const numbersOf = (row: object) =>
  Object.values(row)
    .map((value: number) => value.toFixed(5))
    .join(' | ');

function keep({ values, featureLength }: Features): Features {
  const kept = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += featureLength) {
    kept.set(unpackRow(packRow(values.slice(from, from + featureLength))), from);
  }
  return { values: kept, featureLength };
}

function bytesOf({ featureLength }: Features, kind: { readonly BYTES_PER_ELEMENT: number }): string {
  return `${((10_000 * featureLength * kind.BYTES_PER_ELEMENT) / 1e6).toFixed(1)} MB`;
}

async function changeOf(labels: Labels, exact: Features, kept: Features, seed: number): Promise<Change> {
  const parts = splitPhotos(labels, seed);
  const head = await trainOnPhotos(labels, exact, parts, seed);
  const onExact = await answersTo(exact, head);
  const onKept = await answersTo(kept, head);
  const fromKept = await answersTo(kept, await trainOnPhotos(labels, kept, parts, seed));
  const changed = (one: Float32Array, other: Float32Array) => {
    const otherTop = topClasses(other, labels.classCount);
    return topClasses(one, labels.classCount).filter((top, row) => parts[row] !== 'train' && top !== otherTop[row])
      .length;
  };
  return {
    exactRatio: accuracyRatio(labels, parts, onExact),
    keptRatio: accuracyRatio(labels, parts, fromKept),
    changedCount: changed(onExact, fromKept),
    sameHeadRatio: accuracyRatio(labels, parts, onKept),
    sameHeadChangedCount: changed(onExact, onKept),
    largestChangeRatio: onExact.reduce((most, value, at) => Math.max(most, Math.abs(value - (onKept[at] ?? 0))), 0),
  };
}
