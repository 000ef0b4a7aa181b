import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FoldedGraph } from '../../src/graph/folded-graph.ts';
import { BACKBONES_DIR, haveDataset } from '../helpers/datasets.ts';
import type { PhotoDecoder } from '../helpers/engine-decoder.ts';
import type { CellSize, ClassPhotos } from './deal-rows.ts';
import { classesOf, featuresOf, photoCountOf } from './photo-features.ts';

const BUNDLED_DIR = resolve('public/backbones');
export const DATASETS: readonly string[] = ['flowers5', 'trashnet', 'cats-dogs'];
/** Photos that are tested on in all; of a class never more than a third. */
const TESTED_COUNT = 300;

/** A backbone and where it lies. */
export interface FoundBackbone {
  readonly id: string;
  /** Names it and its contents. */
  readonly key: string;
}

/** Backbones beside the checkout and the bundled one, smallest first. A folder without a description of a backbone is none. */
export function findBackbones(): FoundBackbone[] {
  const dirs = [BACKBONES_DIR, BUNDLED_DIR].flatMap((parent) =>
    existsSync(parent) ? readdirSync(parent).map((id) => ({ id, dir: join(parent, id) })) : [],
  );
  return dirs
    .filter(({ dir }) => existsSync(join(dir, 'backbone.json')))
    .map(({ id, dir }) => {
      const files = readdirSync(dir)
        .sort()
        .map((file) => readFileSync(join(dir, file)));
      const hash = createHash('sha256');
      for (const bytes of files) hash.update(bytes);
      const sizeBytes = files.reduce((sum, { length }) => sum + length, 0);
      return { id, key: `${id}-${hash.digest('hex').slice(0, 12)}`, sizeBytes };
    })
    .sort((one, other) => one.sizeBytes - other.sizeBytes);
}

/** Features of the photos of one data set, class by class. */
export interface PhotoRows {
  readonly featureLength: number;
  readonly classes: readonly (ClassPhotos & { readonly values: Float32Array })[];
}

/** @param learntLimit photos a class to learn from at most. @returns null, and a line that says so, without the photos. */
export async function readPhotoRows(
  dataset: string,
  { key }: FoundBackbone,
  graph: FoldedGraph,
  learntLimit: number,
  decoder: PhotoDecoder,
): Promise<PhotoRows | null> {
  if (!haveDataset(dataset)) return null;
  const names = classesOf(dataset);
  const classes = [];
  for (const className of names) {
    const available = photoCountOf(dataset, className);
    const testedCount = Math.min(Math.ceil(TESTED_COUNT / names.length), Math.floor(available / 3));
    const photoCount = Math.min(available, testedCount + learntLimit);
    const values = await featuresOf({ dataset, className, limit: photoCount }, { key, graph }, decoder);
    classes.push({ photoCount, testedCount, values });
  }
  return { featureLength: graph.featureLength, classes };
}

/** What one column of the table is asked about. */
export interface Cell {
  readonly dataset: string;
  readonly size: CellSize;
  readonly seed: number;
  readonly withValidation: boolean;
}
