import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FoldedGraph } from '../../src/graph/folded-graph.ts';
import { BACKBONES_DIR } from '../helpers/datasets.ts';
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

/** Photos of one data set with a backbone to ask about them. */
export interface PhotoRows {
  readonly backboneKey: string;
  readonly featureLength: number;
  readonly classes: readonly ClassPhotos[];
  /** float32 [photos, featureLength] of every class; computed when first asked for, where no earlier run has. */
  readonly features: () => Promise<readonly Float32Array[]>;
}

/** @param learntLimit photos a class to learn from at most. */
export function photoRowsOf(
  dataset: string,
  { key }: FoundBackbone,
  graph: FoldedGraph,
  learntLimit: number,
  decoder: PhotoDecoder,
): PhotoRows {
  const names = classesOf(dataset);
  const classes = names.map((className): ClassPhotos => {
    const available = photoCountOf(dataset, className);
    const testedCount = Math.min(Math.ceil(TESTED_COUNT / names.length), Math.floor(available / 3));
    return { photoCount: Math.min(available, testedCount + learntLimit), testedCount };
  });
  const read = async () => {
    const features: Float32Array[] = [];
    for (const [index, className] of names.entries()) {
      const limit = classes[index]?.photoCount ?? 0;
      features.push(await featuresOf({ dataset, className, limit }, { key, graph }, decoder));
    }
    return features;
  };
  let features: Promise<readonly Float32Array[]> | null = null;
  return {
    backboneKey: key,
    featureLength: graph.featureLength,
    classes,
    features: () => {
      features ??= read();
      return features;
    },
  };
}

/** What one column of the table is asked about. */
export interface Cell {
  readonly dataset: string;
  readonly size: CellSize;
  readonly seed: number;
  readonly withValidation: boolean;
}
