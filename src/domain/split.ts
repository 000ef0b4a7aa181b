import type { ContentHash, Part, PartLock } from './dataset.ts';
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
  /** Its group by `groupsOf`; its own hash when it stands alone. */
  readonly groupId: string;
  readonly classId: string;
  readonly lockedPart: PartLock | null;
}

/** An image whose lock, if there is one, names a single part. */
type DealtItem = Omit<SplitItem, 'lockedPart'> & { readonly lockedPart: Part | null };

/** Where a part's images lie on the line from 0 to 1: `from` inclusive, `to` exclusive. */
interface Stretch {
  readonly part: Part;
  readonly from: number;
  readonly to: number;
}

/** A group, or a photo that stands alone, with all places it is used in. */
interface Unit {
  readonly position: number;
  /** Images of it in each class. */
  readonly counts: Map<string, number>;
  readonly locks: Map<Part, number>;
  part: Part;
}

/** A class with fewer free units cannot fill three parts. */
const COVERED_FROM = 3;

/**
 * Decides the part of every image: the seed and the id of its group (of its content, when it stands alone) give a number in
 * [0, 1), and the stretch of the line it falls in is the part. So a group is always in one part, nothing moves when
 * images are added, deleted, renamed or given another class, and every class is near the ratios because all numbers are
 * uniform: a class of n single images strays from a ratio r by about sqrt(n r (1 - r)) images. Test lies first on the
 * line: changing the validation ratio leaves test alone.
 *
 * The same content is always in the same part, also across classes. A lock beats the number and takes the unlocked rest of
 * the group along, to the part where most of it is locked; images locked to different parts stay where each was locked
 * (`straddlingGroups` names them).
 *
 * Exceptions to stability, all in classes of few units:
 * - one without a training unit gets the nearest one, and one with at least three free units gets one for every wanted
 *   part. It goes back as soon as another falls there by itself, so at most one unit per part and class moves.
 * - where groups make parts of a class stray far, `rebalance` moves one group after another back.
 *
 * Images locked to 'train-or-validation' are dealt first, among themselves and by the shares of these two parts alone;
 * then they count as locked to the part they got.
 *
 * @returns the parts in the order of `items`.
 */
export function assignParts(items: readonly SplitItem[], settings: SplitSettings): Part[] {
  if (items.every(isDealt)) return dealParts(items, settings);
  const learning = items.filter(({ lockedPart }) => lockedPart === 'train-or-validation');
  const learningParts = dealParts(
    learning.map((item) => ({ ...item, lockedPart: null })),
    { ...settings, testRatio: 0 },
  );
  let position = 0;
  const dealt = items.map(({ lockedPart, ...item }): DealtItem => {
    if (lockedPart !== 'train-or-validation') return { ...item, lockedPart };
    const part = learningParts[position] ?? 'train';
    position += 1;
    return { ...item, lockedPart: part };
  });
  return dealParts(dealt, settings);
}

function isDealt(item: SplitItem): item is DealtItem {
  return item.lockedPart !== 'train-or-validation';
}

/** @returns the parts in the order of `items`. */
function dealParts(items: readonly DealtItem[], settings: SplitSettings): Part[] {
  const stretches = layOut(settings);
  const units = gather(items, settings, stretches);
  for (const [classId, members] of membersByClass(units.values())) {
    coverParts(members, stretches);
    rebalance(classId, members, stretches);
  }
  return items.map((item) => item.lockedPart ?? units.get(item.groupId)?.part ?? 'train');
}

/** Group and part of every image. */
interface GroupedParts {
  readonly groupIds: readonly string[];
  readonly parts: readonly Part[];
}

/** Ids of the groups whose images locks have put into different parts, in order. */
export function straddlingGroups({ groupIds, parts }: GroupedParts): string[] {
  const partOf = new Map<string, Part>();
  const straddling = new Set<string>();
  groupIds.forEach((groupId, index) => {
    const part = parts[index] ?? 'train';
    const first = partOf.get(groupId);
    if (first === undefined) partOf.set(groupId, part);
    else if (first !== part) straddling.add(groupId);
  });
  return [...straddling];
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

function gather(items: readonly DealtItem[], settings: SplitSettings, stretches: readonly Stretch[]) {
  const units = new Map<string, Unit>();
  for (const { groupId, classId, lockedPart } of items) {
    const unit = units.get(groupId) ?? newUnit(uniformFromText(settings.seed, groupId), stretches);
    units.set(groupId, unit);
    unit.counts.set(classId, (unit.counts.get(classId) ?? 0) + 1);
    if (lockedPart !== null) unit.locks.set(lockedPart, (unit.locks.get(lockedPart) ?? 0) + 1);
  }
  for (const unit of units.values()) {
    // Of equal numbers the held-out part wins, whatever the order of arrival.
    const most = Math.max(...unit.locks.values());
    unit.part = (['test', 'validation', 'train'] as const).find((part) => unit.locks.get(part) === most) ?? unit.part;
  }
  return units;
}

function newUnit(position: number, stretches: readonly Stretch[]): Unit {
  const part = stretches.find(({ to }) => position < to)?.part ?? 'train';
  return { position, counts: new Map(), locks: new Map(), part };
}

/** The units of each class. */
function membersByClass(units: Iterable<Unit>): Iterable<readonly [classId: string, members: readonly Unit[]]> {
  const members = new Map<string, Unit[]>();
  for (const unit of units) {
    for (const classId of unit.counts.keys()) {
      const others = members.get(classId);
      if (others === undefined) members.set(classId, [unit]);
      else others.push(unit);
    }
  }
  return members;
}

/** Units that may be moved: one of two classes stays put, because moving it for one could leave the other without. */
function freeOf(members: readonly Unit[]): readonly Unit[] {
  return members.filter(({ locks, counts }) => locks.size === 0 && counts.size === 1);
}

function coverParts(members: readonly Unit[], stretches: readonly Stretch[]): void {
  const free = freeOf(members);
  // To learn from comes first: what a model has not seen it cannot know.
  const wanted = free.length < COVERED_FROM ? stretches.filter(({ part }) => part === 'train') : stretches;
  for (const stretch of wanted) {
    if (members.some((unit) => unit.part === stretch.part)) continue;
    const counts = new Map<Part, number>();
    for (const { part } of members) counts.set(part, (counts.get(part) ?? 0) + 1);
    const isLendable = (unit: Unit) => free.length < COVERED_FROM || (counts.get(unit.part) ?? 0) > 1;
    const lent = nearest(free.filter(isLendable), stretch);
    if (lent !== null) lent.part = stretch.part;
  }
}

function nearest(units: readonly Unit[], stretch: Stretch): Unit | null {
  const distance = ({ position }: Unit) => Math.max(stretch.from - position, position - stretch.to);
  let best: Unit | null = null;
  for (const unit of units) if (best === null || distance(unit) < distance(best)) best = unit;
  return best;
}

/** Parts of a class this share of its images too large or too small are evened out. */
const STRAYING_FROM = 0.15;

/**
 * Large groups make shares stray: of four bursts of 50 three may fall into the test part. While a part has far too many
 * of a class's free images and another far too few, the largest group that fits between moves over. Classes of single
 * photos are left as they are: theirs even out by number.
 */
function rebalance(classId: string, members: readonly Unit[], stretches: readonly Stretch[]): void {
  const free = freeOf(members);
  const sizeOf = (unit: Unit) => unit.counts.get(classId) ?? 0;
  if (!free.some((unit) => sizeOf(unit) > 1)) return;
  const total = free.reduce((sum, unit) => sum + sizeOf(unit), 0);
  const unitsIn = (part: Part) => free.filter((unit) => unit.part === part);
  const excessOf = ({ part, from, to }: Stretch) =>
    unitsIn(part).reduce((sum, unit) => sum + sizeOf(unit), 0) - (to - from) * total;
  for (let moves = 0; moves < free.length; moves += 1) {
    const byExcess = stretches
      .map((stretch) => ({ stretch, excess: excessOf(stretch) }))
      .sort((one, other) => other.excess - one.excess);
    const [fullest, emptiest] = [byExcess[0], byExcess.at(-1)];
    if (fullest === undefined || emptiest === undefined) return;
    if (Math.max(fullest.excess, -emptiest.excess) <= STRAYING_FROM * total) return;
    const candidates = unitsIn(fullest.stretch.part);
    const room = Math.min(fullest.excess, -emptiest.excess);
    const fitting = candidates.filter((unit) => sizeOf(unit) <= 2 * room);
    const largest = Math.max(...fitting.map(sizeOf));
    const moved = nearest(
      fitting.filter((unit) => sizeOf(unit) === largest),
      emptiest.stretch,
    );
    if (moved === null || candidates.length === 1) return;
    moved.part = emptiest.stretch.part;
  }
}
