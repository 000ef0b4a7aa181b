import type { Part } from './dataset.ts';

/** What a path says about one file. */
export interface PathLabel {
  /** Cleaned name of the last folder, or null for a file without one. */
  readonly className: string | null;
  /** The part named by a folder above the class folder, or null. Only a candidate until `isSplitLayout` holds. */
  readonly part: Part | null;
}

/** Counts of one import that tell a real `train/ val/ test/` layout from a folder that merely has such a name. */
export interface LayoutTally {
  readonly counts: Readonly<Record<Part, number>>;
  /** Files with a folder but in no part. */
  readonly outsideCount: number;
}

export const EMPTY_TALLY: LayoutTally = { counts: { train: 0, validation: 0, test: 0 }, outsideCount: 0 };

const PART_FOLDERS: ReadonlyMap<string, Part> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['test', 'test'],
  ['testing', 'test'],
]);

const JUNK_NAMES: ReadonlySet<string> = new Set([
  '__macosx',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'icon\r',
  '@eadir',
  '$recycle.bin',
  'system volume information',
]);

/** Share of the files with a folder that must lie in a part before the layout is believed. */
const LAYOUT_SHARE = 0.9;

const CLASS_NAME_LIMIT = 100;

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}

/** True for files and folders that operating systems leave behind; they are skipped without a word. */
export function isJunkPath(path: string): boolean {
  return segmentsOf(path).some((segment) => segment.startsWith('.') || JUNK_NAMES.has(segment.toLowerCase()));
}

/** Class name as shown and compared: one Unicode form, no control characters, single spaces, at most 100 characters. */
export function cleanClassName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return Array.from(plain).slice(0, CLASS_NAME_LIMIT).join('').trim();
}

/** Teachable Machine's project files and its successor's samples carry the class in the file name. */
function classInFileName(folder: string | undefined, fileName: string): string | null {
  const project = /^(.+)-!-\d+\.\w+$/.exec(fileName)?.[1];
  if (project !== undefined) return cleanClassName(project);
  const sample = folder === 'samples' ? /^(.+)_\d+\.png$/i.exec(fileName)?.[1] : undefined;
  return sample === undefined ? null : cleanClassName(sample);
}

/**
 * The label of one file from its path alone, so that a stream of files needs no waiting.
 * The last folder is the class; the nearest folder above it with a part's name gives the part.
 * A last folder called "test" is a class: whoever knows all paths corrects that, see `labelsFromPaths`.
 */
export function labelOf(path: string): PathLabel {
  const segments = segmentsOf(path);
  const fileName = segments.pop() ?? '';
  const folder = segments.pop();
  const className = classInFileName(folder, fileName) ?? cleanClassName(folder ?? '');
  if (className === '') return { className: null, part: null };
  const partFolder = segments.findLast((segment) => PART_FOLDERS.has(segment.toLowerCase()));
  return { className, part: PART_FOLDERS.get(partFolder?.toLowerCase() ?? '') ?? null };
}

/** Adds one file's label to the counts. */
export function tallyLabel(tally: LayoutTally, label: PathLabel): LayoutTally {
  if (label.className === null) return tally;
  if (label.part === null) return { ...tally, outsideCount: tally.outsideCount + 1 };
  return { ...tally, counts: { ...tally.counts, [label.part]: tally.counts[label.part] + 1 } };
}

/** True when the files form a split: a training part, at least one more, and hardly anything outside. */
export function isSplitLayout({ counts, outsideCount }: LayoutTally): boolean {
  const inside = counts.train + counts.validation + counts.test;
  return counts.train > 0 && inside > counts.train && inside >= LAYOUT_SHARE * (inside + outsideCount);
}

/**
 * Labels of files whose paths are all known. Junk gets neither class nor part.
 * Parts are given only in a real layout; there, files directly in `test/` have a part and no class.
 */
export function labelsFromPaths(paths: readonly string[]): PathLabel[] {
  const labels = paths.map((path) => (isJunkPath(path) ? { className: null, part: null } : labelOf(path)));
  const unlabelled = labels.map((label) => partWithoutClass(label));
  const tally = labels.reduce((sum, label, index) => (unlabelled[index] ? sum : tallyLabel(sum, label)), EMPTY_TALLY);
  if (!isSplitLayout(tally)) return labels.map(({ className }) => ({ className, part: null }));
  return labels.map((label, index) => (unlabelled[index] ? { className: null, part: unlabelled[index] } : label));
}

function partWithoutClass(label: PathLabel): Part | null {
  if (label.part !== null) return null;
  return PART_FOLDERS.get(label.className?.toLowerCase() ?? '') ?? null;
}
