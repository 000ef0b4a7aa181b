import type { ClassId, Dataset, Part } from './dataset.ts';
import { countGroups, type GroupCounts } from './group-words.ts';
import { grouped, groupsOf } from './groups.ts';
import { assignParts, type SplitSettings, straddlingGroups } from './split.ts';

/** How many images each part would get now. */
export interface PartCounts extends Readonly<Record<Part, number>> {
  /** Training images of every class that has any, by class index. */
  readonly trainByClass: readonly number[];
  /** What bursts and near-copies do to the split. */
  readonly groups: GroupCounts;
  /** Of every class that has images. */
  readonly byClass: ReadonlyMap<ClassId, Readonly<Record<Part, number>>>;
}

interface Counted {
  readonly split: SplitSettings;
  readonly counts: PartCounts;
}

/** The form and the plan of a run ask for the same; with 10,000 images an answer takes a frame. */
const known = new WeakMap<Dataset, Counted>();

/** Deals the images out as a run would. Remembers its last answer for each state of the data. */
export function countParts(dataset: Dataset, split: SplitSettings): PartCounts {
  const last = known.get(dataset);
  if (last?.split === split) return last.counts;
  const counts = dealOut(dataset, split);
  known.set(dataset, { split, counts });
  return counts;
}

/** Images of every class in every part, as a run would deal them out. Classes without images are left out. */
export function partsByClass(dataset: Dataset, split: SplitSettings): PartCounts['byClass'] {
  return countParts(dataset, split).byClass;
}

function dealOut(dataset: Dataset, split: SplitSettings): PartCounts {
  const items = grouped([...dataset.images.values()], groupsOf(dataset));
  const counts = { train: 0, validation: 0, test: 0 };
  const byClass = new Map<ClassId, Record<Part, number>>();
  const parts = assignParts(items, split);
  for (const [position, part] of parts.entries()) {
    const { classId = '' } = items[position] ?? {};
    const own = byClass.get(classId) ?? { train: 0, validation: 0, test: 0 };
    own[part] += 1;
    counts[part] += 1;
    byClass.set(classId, own);
  }
  const trainByClass = dataset.classes.map(({ id }) => byClass.get(id)?.train ?? 0).filter((count) => count > 0);
  const groupIds = items.map(({ groupId }) => groupId);
  const hashes = items.map(({ hash }) => hash);
  return {
    ...counts,
    trainByClass,
    byClass,
    groups: countGroups(groupIds, hashes, straddlingGroups({ groupIds, parts })),
  };
}
