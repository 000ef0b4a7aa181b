import type { ContentHash } from '../domain/dataset.ts';
import { stratifiedSample } from '../domain/folds.ts';
import type { InstantBaseline } from './contract-measuring.ts';
import type { FeatureStore } from './feature-store.ts';
import { neighboursLeaveOneOut } from './heads/neighbours.ts';
import { fitPrototypes } from './heads/prototypes.ts';

interface BaselineInput {
  readonly hashes: readonly ContentHash[];
  readonly classIndices: readonly number[];
  readonly classCount: number;
  readonly withNeighbours: boolean;
}

const NEIGHBOURS = 5;
/** Every image is compared with every other: beyond this many a sample has to do. */
const MAX_COMPARED = 2000;
const SAMPLE_SEED = 42;

const NOTHING = { judgedCount: 0, prototypesRatio: null, neighboursRatio: null, head: null } as const;

/**
 * What features alone say, without training: each image is called what the class averages, and on request the most similar
 * images, make of it, itself left out. An image that stands twice in one class is taken once.
 */
export async function instantBaseline(
  input: BaselineInput,
  store: FeatureStore,
  featureLength: number,
): Promise<InstantBaseline> {
  const missing = new Set(await store.missing(input.hashes));
  const kept = distinct(input, missing);
  const [hashes, classes] = [kept.map(({ hash }) => hash), Int32Array.from(kept, ({ classIndex }) => classIndex)];
  if (new Set(classes).size < 2) return { imageCount: kept.length, ...NOTHING };
  const features = { values: await store.gather(hashes), featureLength };
  const rows = Int32Array.from(hashes, (_, row) => row);
  const { head, leaveOneOut } = fitPrototypes(features, rows, classes, input.classCount);
  const isJudged = (row: number) => (leaveOneOut[row] ?? -1) >= 0;
  const judged = [...rows].filter(isJudged);
  return {
    imageCount: kept.length,
    judgedCount: judged.length,
    prototypesRatio: rightRatio(judged.map((row) => leaveOneOut[row] === classes[row])),
    neighboursRatio: input.withNeighbours
      ? await neighboursRatio(kept, store, featureLength, input.classCount, isJudged)
      : null,
    head,
  };
}

const rightRatio = (right: readonly boolean[]) =>
  right.length === 0 ? null : right.filter(Boolean).length / right.length;

async function neighboursRatio(
  kept: readonly Kept[],
  store: FeatureStore,
  featureLength: number,
  classCount: number,
  isJudged: (row: number) => boolean,
): Promise<number | null> {
  const compared = stratifiedSample(
    kept.map(({ hash, classIndex }) => ({ hash, classId: String(classIndex) })),
    MAX_COMPARED,
    SAMPLE_SEED,
  );
  const classOf = (row: number) => kept[row]?.classIndex ?? 0;
  const values = await store.gather(compared.map((row) => kept[row]?.hash ?? ''));
  const voted = await neighboursLeaveOneOut({ values, featureLength }, compared.map(classOf), classCount, NEIGHBOURS);
  return rightRatio(compared.flatMap((row, position) => (isJudged(row) ? [voted[position] === classOf(row)] : [])));
}

interface Kept {
  readonly hash: ContentHash;
  readonly classIndex: number;
}

function distinct({ hashes, classIndices }: BaselineInput, missing: ReadonlySet<ContentHash>): readonly Kept[] {
  const seen = new Map<string, Kept>();
  hashes.forEach((hash, row) => {
    const classIndex = classIndices[row] ?? 0;
    if (!missing.has(hash)) seen.set(`${hash} ${classIndex}`, { hash, classIndex });
  });
  return [...seen.values()];
}
