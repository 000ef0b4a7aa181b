import type { ContentHash } from './dataset.ts';

/** What grouping did to the images of a run or a project. */
export interface GroupCounts {
  readonly groupCount: number;
  /** Images in these groups. */
  readonly groupedImageCount: number;
  /** Groups that locks have put into different parts. */
  readonly straddlingCount: number;
}

/** Counts groups of two contents or more. @param groupIds of every image. @param straddling ids of groups in different parts. */
export function countGroups(
  groupIds: readonly string[],
  hashes: readonly ContentHash[],
  straddling: readonly string[],
): GroupCounts {
  const members = new Map<string, { readonly contents: Set<ContentHash>; imageCount: number }>();
  groupIds.forEach((groupId, row) => {
    const group = members.get(groupId) ?? { contents: new Set<ContentHash>(), imageCount: 0 };
    members.set(groupId, group);
    group.contents.add(hashes[row] ?? '');
    group.imageCount += 1;
  });
  const groups = [...members.values()].filter(({ contents }) => contents.size > 1);
  return {
    groupCount: groups.length,
    groupedImageCount: groups.reduce((sum, { imageCount }) => sum + imageCount, 0),
    straddlingCount: straddling.filter((id) => (members.get(id)?.contents.size ?? 0) > 1).length,
  };
}

/** Groups as numbers, equal for images of one: shorter than their ids where they are stored. */
export function groupIndices(groupIds: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return groupIds.map((groupId) => {
    const number = numbers.get(groupId) ?? numbers.size;
    numbers.set(groupId, number);
    return number;
  });
}

const whole = (count: number) => count.toLocaleString('en-US');

/** One sentence about what groups did to a split; null without groups. @param verb what they do or did. */
export function groupSentence(
  { groupCount, groupedImageCount, straddlingCount }: GroupCounts,
  tense: 'now' | 'then',
): string | null {
  if (groupCount === 0) return null;
  const groups =
    groupCount === 1 ? '1 burst or set of near-copies' : `${whole(groupCount)} bursts or sets of near-copies`;
  const one = groupCount === 1;
  const verb = tense === 'then' ? 'stayed' : one ? 'stays' : 'stay';
  const kept = `${groups} (${whole(groupedImageCount)} photos) ${verb} together`;
  if (straddlingCount === 0) return `${kept}, so that no test photo has a twin in training.`;
  const apart = straddlingCount === 1 ? 'one is' : `${whole(straddlingCount)} are`;
  const was = straddlingCount === 1 ? 'one was' : `${whole(straddlingCount)} were`;
  return `${kept}, but ${tense === 'then' ? was : apart} locked to different parts: their test photos may have a twin in training.`;
}
