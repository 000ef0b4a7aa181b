import { randomStream } from '../src/domain/random.ts';
import { findNearCopies } from '../src/engine/near-copies/find-near-copies.ts';
import { perceptualHash } from '../src/engine/perceptual-hash.ts';
import { haveDataset, readPhotos } from './helpers/datasets.ts';
import { embedAll, haveNetwork, startWasm } from './helpers/embed-photos.ts';
import { COPY_WAYS, plantCopies } from './helpers/plant-copies.ts';

const SIDE = 224;
const around = { signal: new AbortController().signal, yieldToEvents: () => Promise.resolve() };

/** Photos in the order of the rows: each original, and behind it its copies in the order of `COPY_WAYS` where it has some. */
interface PlantedRows {
  readonly values: Float32Array;
  readonly featureLength: number;
  readonly hashes: readonly string[];
  readonly originals: readonly { readonly row: number; readonly name: string; readonly hasCopies: boolean }[];
}

/**
 * `npm run bench near-copies [data set] [backbone id] [photos a class] [every]`: which planted copies of one photo in so many
 * are found, which photos of the data set itself are joined, and what 10,000 photos take. `npm run bench near-copies time`
 * does the last alone.
 */
export async function run(args: string[]): Promise<void> {
  const [dataset = 'flowers5', id = 'mobilenet_v2_0.35_224'] = args;
  const [perClass = 60, every = 4] = args.slice(2).map(Number);
  if (dataset !== 'time' && haveDataset(dataset) && haveNetwork(id)) {
    await report(await plant(dataset, id, perClass, every));
  }
  await timeMany();
}

async function plant(dataset: string, id: string, perClass: number, every: number): Promise<PlantedRows> {
  await startWasm();
  const photos = [...readPhotos(dataset, perClass)];
  const drawn = await plantCopies(
    photos.map(({ bytes }) => bytes),
    SIDE,
    (index) => index % every === 0,
  );
  const squares = drawn.flat();
  let row = 0;
  const originals = drawn.map((own, index) => {
    const { className = '', fileName = '' } = photos[index] ?? {};
    const original = { row, name: `${className}/${fileName}`, hasCopies: own.length > 1 };
    row += own.length;
    return original;
  });
  console.log(`${dataset}, ${photos.length} photos, ${id}`);
  return {
    ...(await embedAll(id, SIDE, squares)),
    hashes: squares.map((square) => perceptualHash(square, SIDE, 3)),
    originals,
  };
}

/** Prints how many copies are found of each way, and what is joined without any planted. */
export async function report({ values, featureLength, hashes, originals }: PlantedRows): Promise<void> {
  const groupsOf = (rows: readonly number[]) =>
    findNearCopies(
      {
        count: rows.length,
        featureLength,
        hashes: rows.map((row) => hashes[row] ?? null),
        gather: async (wanted) => {
          const gathered = new Float32Array(wanted.length * featureLength);
          wanted.forEach((at, place) => {
            const from = (rows[at] ?? 0) * featureLength;
            gathered.set(values.subarray(from, from + featureLength), place * featureLength);
          });
          return gathered;
        },
      },
      around,
    );
  const alone = originals.map(({ row }) => row);
  const copied = originals.flatMap(({ hasCopies }, place) => (hasCopies ? [place] : []));
  console.log('copies | found');
  for (const [way, name] of COPY_WAYS.entries()) {
    const groups = await groupsOf([...alone, ...copied.map((place) => (alone[place] ?? 0) + 1 + way)]);
    const found = copied.filter(
      (place, index) => groups[place] !== -1 && groups[place] === groups[alone.length + index],
    );
    console.log(`${name} | ${found.length} of ${copied.length}`);
  }
  const groups = await groupsOf(alone);
  const joined = new Map<number, string[]>();
  groups.forEach((group, place) => {
    if (group >= 0) joined.set(group, [...(joined.get(group) ?? []), originals[place]?.name ?? '']);
  });
  const joinedCount = [...joined.values()].reduce((sum, names) => sum + names.length, 0);
  console.log(`without planted copies: ${joined.size} groups of ${joinedCount} of ${alone.length} photos`);
  for (const names of joined.values()) console.log(`  ${names.join(', ')}`);
}

/** 10,000 photos of ten classes, each twentieth a copy; features as of a MobileNet: many are 0. */
async function timeMany(): Promise<void> {
  const [count, featureLength, classCount] = [10_000, 1280, 10];
  const random = randomStream(42, 'near-copies bench');
  const common = Array.from({ length: classCount * featureLength }, () => Math.max(0, random.normal()));
  const values = new Float32Array(count * featureLength);
  const hashes: string[] = [];
  for (let row = 0; row < count; row += 1) {
    const isCopy = row % 20 === 19;
    for (let at = 0; at < featureLength; at += 1) {
      const source = isCopy
        ? (values[(row - 1) * featureLength + at] ?? 0)
        : (common[(row % classCount) * featureLength + at] ?? 0);
      values[row * featureLength + at] = Math.max(0, source + (isCopy ? 0.1 : 4) * (random.uniform() - 0.5));
    }
    const drawn = [random.uint32(), random.uint32()].map((word) => word.toString(16).padStart(8, '0')).join('');
    hashes.push(isCopy ? (hashes[row - 1] ?? drawn) : drawn);
  }
  const gather = async (rows: readonly number[]) => {
    const gathered = new Float32Array(rows.length * featureLength);
    rows.forEach((row, place) => {
      gathered.set(values.subarray(row * featureLength, (row + 1) * featureLength), place * featureLength);
    });
    return gathered;
  };
  for (const round of [1, 2, 3]) {
    const startedMs = performance.now();
    const startedCpu = process.cpuUsage();
    const groups = await findNearCopies({ count, featureLength, hashes, gather }, around);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(2);
    const cpuSeconds = (process.cpuUsage(startedCpu).user / 1e6).toFixed(2);
    const pairs = groups.filter((group) => group >= 0).length / 2;
    console.log(
      `${count} photos, round ${round}: ${seconds} s, ${cpuSeconds} s of processor time, ${pairs} pairs found of ${count / 20}`,
    );
  }
}
