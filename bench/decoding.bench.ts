import type { Features } from '../src/engine/training/features.ts';
import { haveDataset, readPhotos } from './helpers/datasets.ts';
import { DECODE_WAYS, type DecodeWay, decodeLargePhotos } from './helpers/decode-large-photos.ts';
import { embedAll, haveNetwork, startWasm } from './helpers/embed-photos.ts';
import { shrinkPhotos } from './helpers/shrink-photos.ts';
import { answersTo, mean, topClasses, trainOnPhotos } from './helpers/train-on-photos.ts';

/**
 * `npm run bench decoding [data set] [backbone id] [side] [photos a class to learn from] [photos a class to try] [long side
 * ...]`: photos enlarged, with grain, to JPEGs of those sides (2,048 and 4,032 px), decoded in several ways: time, how far
 * features move, and how many answers change of a head that was trained on other photos as they come. Differences are to `bitmap`.
 */
export async function run(args: string[]): Promise<void> {
  const [dataset = 'flowers5', id = 'mobilenet_v2_1.0_224_tf2_f16'] = args;
  const [side = 224, learnt = 80, tried = 20, ...wanted] = args.slice(2).map(Number);
  if (!haveDataset(dataset) || !haveNetwork(id)) return;
  await startWasm();
  const photos = [...readPhotos(dataset, learnt + tried)];
  const names = [...new Set(photos.map(({ className }) => className))];
  const isTried = (index: number) => index % (learnt + tried) >= learnt;
  const known = photos.filter((_, index) => !isTried(index));
  const fresh = photos.filter((_, index) => isTried(index));
  const shrunk = await shrinkPhotos(
    known.map(({ bytes }) => bytes),
    side,
  );
  const features = await embedAll(
    id,
    side,
    shrunk.map(({ halves }) => halves),
  );
  const labels = { classIndices: known.map(({ className }) => names.indexOf(className)), classCount: names.length };
  const parts = known.map((_, index) => (index % 5 === 0 ? 'validation' : 'train'));
  const head = await trainOnPhotos(labels, features, parts, 42);
  for (const longSide of wanted.length > 0 ? wanted : [2048, 4032]) {
    const decoded = await decodeLargePhotos(
      fresh.map(({ bytes }) => bytes),
      longSide,
      side,
    );
    console.log(`\n${dataset}, ${fresh.length} photos enlarged to ${longSide} px, ${id}`);
    console.log(
      'way | ms | faster | PSNR dB | feature distance, mean and largest | answers changed | largest change | right',
    );
    let first: Outcome | null = null;
    for (const way of DECODE_WAYS) {
      const pixels = decoded.map((photo) => photo[way].pixels);
      const rows = await embedAll(id, side, pixels);
      const answers = await answersTo(rows, head);
      const outcome = { way, pixels, rows, answers, top: topClasses(answers, names.length) };
      first ??= outcome;
      const rightCount = outcome.top.filter((top, at) => names[top] === fresh[at]?.className).length;
      const ms = decoded.map((photo) => photo[way].elapsedMs);
      const faster = decoded.map((photo, at) => photo.bitmap.elapsedMs / (ms[at] ?? Number.NaN));
      const times = `${median(ms).toFixed(0)} | ${median(faster).toFixed(2)}`;
      console.log(`${way} | ${times} | ${differenceText(outcome, first)} | ${rightCount}`);
    }
  }
}

interface Outcome {
  readonly way: DecodeWay;
  readonly pixels: readonly Uint8Array[];
  readonly rows: Features;
  readonly answers: Float32Array;
  readonly top: readonly number[];
}

function differenceText(one: Outcome, first: Outcome): string {
  const squares = one.pixels.map((image, at) => meanSquare(image, first.pixels[at] ?? image));
  const distances = one.pixels.map((_, at) => distanceRatio(rowOf(one.rows, at), rowOf(first.rows, at)));
  const changedCount = one.top.filter((top, at) => top !== first.top[at]).length;
  const largest = one.answers.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (first.answers[at] ?? 0))),
    0,
  );
  const psnr = 10 * Math.log10(255 ** 2 / mean(squares));
  const distance = `${mean(distances).toFixed(4)} ${Math.max(...distances).toFixed(4)}`;
  return `${psnr.toFixed(1)} | ${distance} | ${changedCount} | ${largest.toFixed(4)}`;
}

const rowOf = ({ values, featureLength }: Features, row: number) =>
  values.subarray(row * featureLength, (row + 1) * featureLength);

const meanSquare = (one: ArrayLike<number>, other: ArrayLike<number>) =>
  mean(Array.from(one, (value, at) => (value - (other[at] ?? 0)) ** 2));

const distanceRatio = (one: Float32Array, other: Float32Array) =>
  Math.sqrt(meanSquare(one, other) / meanSquare(other, new Float32Array(other.length)));

const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
