import type { ClassId, ContentHash, Dataset, ImageId, ImageItem } from './dataset.ts';
import { takenAtByName } from './taken-at.ts';

/** Photos that must not be told apart by a split: a burst, near-copies, or what the user keeps together. */
interface ImageGroup {
  /** Stays as it is while photos join the group; also decides where the group goes. */
  readonly id: string;
  /** In order of arrival; two contents or more. */
  readonly imageIds: readonly ImageId[];
}

/** All groups of the labelled photos. */
export interface ImageGroups {
  readonly groups: readonly ImageGroup[];
  /** The group of a content; one that stands alone is its own. */
  readonly idOf: (hash: ContentHash) => string;
}

/** Frames of one class taken at most so long one after another are of one burst, ms. */
const BURST_GAP_MS = 2000;
/** A clock that gives more photos one and the same moment stands still. */
const MOST_AT_ONE_MOMENT = 200;

/** One content with what is known of it from all places it is used in. */
interface Content {
  readonly hash: ContentHash;
  readonly imageIds: ImageId[];
  takenAtMs: number | null;
  isApart: boolean;
}

/** One remembered answer for each state of the images: many places ask for the same. */
const known = new WeakMap<Dataset['images'], ImageGroups>();

/**
 * Which photos belong together: frames of one hold, photos of one class taken within two seconds of one another, near-copies
 * found by their features, and what the user keeps together. A photo that the user keeps apart belongs to nothing but what
 * it was joined to since. Groups that share a photo are one, also across classes.
 */
export function groupsOf({ images }: Pick<Dataset, 'images'>): ImageGroups {
  const last = known.get(images);
  if (last !== undefined) return last;
  const groups = findGroups([...images.values()]);
  known.set(images, groups);
  return groups;
}

function findGroups(items: readonly ImageItem[]): ImageGroups {
  const contents = new Map<ContentHash, Content>();
  for (const item of items) addTo(contents, item);
  const links = new Links(contents.size);
  const indexOf = new Map([...contents.keys()].map((hash, index) => [hash, index]));
  const at = ({ hash }: Pick<ImageItem, 'hash'>) => indexOf.get(hash) ?? 0;
  const free = items.filter(({ hash }) => contents.get(hash)?.isApart === false);
  linkByKey(links, free, at, ({ grouping }) => grouping.holdId);
  linkByKey(links, free, at, ({ grouping }) => grouping.nearCopyId);
  linkByKey(links, items, at, ({ grouping }) => grouping.joinedId);
  linkBursts(links, free, at);
  return collect([...contents.values()], links, items, at);
}

function addTo(contents: Map<ContentHash, Content>, item: ImageItem): void {
  const { hash, id, grouping } = item;
  const content = contents.get(hash) ?? { hash, imageIds: [], takenAtMs: null, isApart: false };
  content.imageIds.push(id);
  content.takenAtMs ??= takenAtOf(item);
  content.isApart ||= grouping.isApart;
  contents.set(hash, content);
}

/** Names are read once, however often the images around them change. */
const namedTimes = new WeakMap<ImageItem, number | null>();

function takenAtOf(item: ImageItem): number | null {
  if (item.grouping.takenAtMs !== null) return item.grouping.takenAtMs;
  const known = namedTimes.get(item);
  if (known !== undefined) return known;
  const takenAtMs = takenAtByName(item.name);
  namedTimes.set(item, takenAtMs);
  return takenAtMs;
}

/** Union-find with path halving (R. Tarjan, 1975). */
class Links {
  private readonly parents: Int32Array;

  constructor(count: number) {
    this.parents = Int32Array.from({ length: count }, (_, index) => index);
  }

  root(index: number): number {
    let at = index;
    for (;;) {
      const parent = this.parents[at] ?? at;
      if (parent === at) return at;
      const above = this.parents[parent] ?? parent;
      this.parents[at] = above;
      at = above;
    }
  }

  join(one: number, other: number): void {
    const [first, second] = [this.root(one), this.root(other)];
    if (first !== second) this.parents[Math.max(first, second)] = Math.min(first, second);
  }
}

type Place = (item: ImageItem) => number;

function linkByKey(
  links: Links,
  items: readonly ImageItem[],
  at: Place,
  keyOf: (item: ImageItem) => string | null,
): void {
  const firsts = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, at(item));
    else links.join(first, at(item));
  }
}

function linkBursts(links: Links, items: readonly ImageItem[], at: Place): void {
  const byClass = new Map<ClassId, { readonly index: number; readonly takenAtMs: number }[]>();
  for (const item of items) {
    const takenAtMs = takenAtOf(item);
    if (takenAtMs === null) continue;
    const taken = byClass.get(item.classId) ?? [];
    taken.push({ index: at(item), takenAtMs });
    byClass.set(item.classId, taken);
  }
  for (const taken of byClass.values()) {
    const trusted = withoutStandingClocks(taken).sort((one, other) => one.takenAtMs - other.takenAtMs);
    trusted.forEach(({ index, takenAtMs }, position) => {
      const before = trusted[position - 1];
      if (before !== undefined && takenAtMs - before.takenAtMs <= BURST_GAP_MS) links.join(before.index, index);
    });
  }
}

function withoutStandingClocks<T extends { readonly takenAtMs: number }>(taken: readonly T[]): T[] {
  const counts = new Map<number, number>();
  for (const { takenAtMs } of taken) counts.set(takenAtMs, (counts.get(takenAtMs) ?? 0) + 1);
  return taken.filter(({ takenAtMs }) => (counts.get(takenAtMs) ?? 0) <= MOST_AT_ONE_MOMENT);
}

function collect(contents: readonly Content[], links: Links, items: readonly ImageItem[], at: Place): ImageGroups {
  const members = new Map<number, Content[]>();
  contents.forEach((content, index) => {
    const root = links.root(index);
    const group = members.get(root);
    if (group === undefined) members.set(root, [content]);
    else group.push(content);
  });
  const persisted = new Map<number, string>();
  for (const item of items) {
    const { nearCopyId, isApart } = item.grouping;
    const root = links.root(at(item));
    const best = persisted.get(root);
    if (nearCopyId !== null && !isApart && (best === undefined || nearCopyId < best)) persisted.set(root, nearCopyId);
  }
  const rootOf = new Map(contents.map(({ hash }, index) => [hash, links.root(index)]));
  const idOfHash = new Map<ContentHash, string>();
  const groups: ImageGroup[] = [];
  for (const [root, group] of members) {
    if (group.length < 2) continue;
    const kept = persisted.get(root);
    // The id may be the content of a photo that has been taken out of the group since.
    const isOthers = kept !== undefined && (rootOf.get(kept) ?? root) !== root;
    const id = kept === undefined || isOthers ? firstTaken(group) : kept;
    for (const { hash } of group) idOfHash.set(hash, id);
    groups.push({ id, imageIds: group.flatMap(({ imageIds }) => imageIds) });
  }
  return { groups, idOf: (hash) => idOfHash.get(hash) ?? hash };
}

/** Frames that come to a burst are later than its first, so the group keeps its place. */
function firstTaken(group: readonly Content[]): ContentHash {
  const [first, ...others] = group;
  let best = first;
  for (const content of others) if (best === undefined || isBefore(content, best)) best = content;
  return best?.hash ?? '';
}

function isBefore(one: Content, other: Content): boolean {
  const [first, second] = [one.takenAtMs ?? Number.POSITIVE_INFINITY, other.takenAtMs ?? Number.POSITIVE_INFINITY];
  return first === second ? one.hash < other.hash : first < second;
}

/** What a split or folds need to know of images: their places with their groups. */
export function grouped<T extends { readonly hash: ContentHash }>(
  items: readonly T[],
  { idOf }: Pick<ImageGroups, 'idOf'>,
): (T & { readonly groupId: string })[] {
  return items.map((item) => ({ ...item, groupId: idOf(item.hash) }));
}
