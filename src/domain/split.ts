import type { ContentHash, Part } from './dataset.ts';
import { uniformFromText } from './random.ts';

/** Ratios of the three parts and the seed that decides who goes where. Ratios are 0-1 and sum to 1. */
export interface SplitSettings {
  readonly trainRatio: number;
  readonly validationRatio: number;
  readonly testRatio: number;
  readonly seed: number;
}

export const DEFAULT_SPLIT: SplitSettings = { trainRatio: 0.7, validationRatio: 0.15, testRatio: 0.15, seed: 42 };

/** What the split needs to know of one image. */
export interface SplitItem {
  readonly hash: ContentHash;
  readonly classId: string;
  readonly lockedPart: Part | null;
}

/** Where a part's images lie on the line from 0 to 1: `from` inclusive, `to` exclusive. */
interface Stretch {
  readonly part: Part;
  readonly from: number;
  readonly to: number;
}

/** One content with all places it is used in. */
interface Content {
  readonly position: number;
  readonly classIds: Set<string>;
  readonly locked: boolean;
  part: Part;
}

/** A class with fewer free images cannot fill three parts. */
const COVERED_FROM = 3;

/**
 * Decides the part of every image from its content alone: seed and hash give a number in [0, 1), and the stretch of
 * the line it falls in is the part. So nothing moves when images are added, deleted, renamed or given another class,
 * and every class is near the ratios because all numbers are uniform; a class of n images strays from a ratio r by
 * about sqrt(n r (1 - r)) images. Test lies first on the line: changing the validation ratio leaves test alone.
 *
 * The same content is always in the same part, also across classes. A lock beats the number and takes unlocked copies
 * along; copies locked to different parts stay where each was locked.
 *
 * One exception to stability: when a class has at least three free images and one of the wanted parts would get none,
 * the image nearest to that part's stretch is lent to it. It goes back as soon as a later image falls there by itself,
 * so at most one image per part and class ever moves, and only in small classes.
 *
 * @returns the parts in the order of `items`.
 */
export function assignParts(items: readonly SplitItem[], settings: SplitSettings): Part[] {
  const stretches = layOut(settings);
  const contents = gather(items, settings, stretches);
  for (const members of membersByClass(contents.values())) coverParts(members, stretches);
  return items.map((item) => item.lockedPart ?? contents.get(item.hash)?.part ?? 'train');
}

function layOut({ trainRatio, validationRatio, testRatio }: SplitSettings): readonly Stretch[] {
  const sum = trainRatio + validationRatio + testRatio;
  if (!(sum > 0)) return [{ part: 'train', from: 0, to: 1 }];
  const test = testRatio / sum;
  const heldOut = (testRatio + validationRatio) / sum;
  const stretches: readonly Stretch[] = [
    { part: 'test', from: 0, to: test },
    { part: 'validation', from: test, to: heldOut },
    { part: 'train', from: heldOut, to: 1 },
  ];
  return stretches.filter(({ from, to }) => to > from);
}

function gather(items: readonly SplitItem[], settings: SplitSettings, stretches: readonly Stretch[]) {
  const locks = new Map<ContentHash, Part>();
  for (const { hash, lockedPart } of items) if (lockedPart !== null && !locks.has(hash)) locks.set(hash, lockedPart);

  const contents = new Map<ContentHash, Content>();
  for (const { hash, classId } of items) {
    const known = contents.get(hash);
    if (known !== undefined) {
      known.classIds.add(classId);
      continue;
    }
    const position = uniformFromText(settings.seed, hash);
    const lock = locks.get(hash);
    const part = lock ?? stretches.find(({ to }) => position < to)?.part ?? 'train';
    contents.set(hash, { position, classIds: new Set([classId]), locked: lock !== undefined, part });
  }
  return contents;
}

/** The contents of each class. */
function membersByClass(contents: Iterable<Content>): Iterable<readonly Content[]> {
  const members = new Map<string, Content[]>();
  for (const content of contents) {
    for (const classId of content.classIds) {
      const others = members.get(classId);
      if (others === undefined) members.set(classId, [content]);
      else others.push(content);
    }
  }
  return members.values();
}

function coverParts(members: readonly Content[], stretches: readonly Stretch[]): void {
  // A content of two classes stays put: lending it for one class could leave the other without.
  const free = members.filter((content) => !content.locked && content.classIds.size === 1);
  if (free.length < COVERED_FROM) return;
  for (const stretch of stretches) {
    if (members.some((content) => content.part === stretch.part)) continue;
    const counts = new Map<Part, number>();
    for (const { part } of members) counts.set(part, (counts.get(part) ?? 0) + 1);
    const lendable = free.filter((content) => (counts.get(content.part) ?? 0) > 1);
    const lent = nearest(lendable, stretch);
    if (lent !== null) lent.part = stretch.part;
  }
}

function nearest(contents: readonly Content[], stretch: Stretch): Content | null {
  const distance = ({ position }: Content) => Math.max(stretch.from - position, position - stretch.to);
  let best: Content | null = null;
  for (const content of contents) if (best === null || distance(content) < distance(best)) best = content;
  return best;
}
