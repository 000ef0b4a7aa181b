import type { ContentHash, Dataset } from '../../domain/dataset.ts';

/** The first images of every class in turn, each content once. */
export function sampleHashes({ classes, images }: Dataset, count: number): readonly ContentHash[] {
  const byClass = new Map(classes.map(({ id }): [string, ContentHash[]] => [id, []]));
  for (const { classId, hash } of images.values()) {
    const own = byClass.get(classId);
    if (own !== undefined && own.length < count) own.push(hash);
  }
  const lists = [...byClass.values()];
  const dealt = Array.from({ length: count }, (_, place) => lists.flatMap((own) => own.slice(place, place + 1))).flat();
  return [...new Set(dealt)].slice(0, count);
}
