import type { Part } from './dataset.ts';

/** What a path says about one file. */
export interface PathLabel {
  /** Cleaned name of the last folder, or null for a file without one. */
  readonly className: string | null;
  /** The part named by a folder above the class folder, or null. Only a candidate until `isSplitLayout` holds. */
  readonly part: Part | null;
}

/** What all paths together say about one file of a `train/ val/ test/` layout. */
export interface LayoutLabel {
  /** The part it is locked to, or null. */
  readonly part: Part | null;
  /** True for a file directly in a part's folder: nothing says which class it shows. */
  readonly isUnlabelled: boolean;
}

/** Counts of one import that tell a real `train/ val/ test/` layout from a folder that merely has such a name. */
interface LayoutTally {
  readonly counts: Readonly<Record<Part, number>>;
  /** Files in a class folder but in no part. */
  readonly outsideCount: number;
}

const EMPTY_TALLY: LayoutTally = { counts: { train: 0, validation: 0, test: 0 }, outsideCount: 0 };

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
 * A last folder called "test" is a class until all paths are known, see `labelsInLayout`.
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

/** Adds one file's label to the counts. A file directly in a folder like `test/` says nothing about the layout. */
function tallyLabel(tally: LayoutTally, label: PathLabel): LayoutTally {
  if (label.className === null || partWithoutClass(label) !== null) return tally;
  if (label.part === null) return { ...tally, outsideCount: tally.outsideCount + 1 };
  return { ...tally, counts: { ...tally.counts, [label.part]: tally.counts[label.part] + 1 } };
}

/**
 * True when hardly a class folder lies outside the parts and there is something to learn from: in this import or,
 * with `isAddition`, in the project.
 */
function hasPartFolders({ counts, outsideCount }: LayoutTally, isAddition: boolean): boolean {
  const inside = insideCount(counts);
  const hasTrain = counts.train > 0 || (isAddition && inside > 0);
  return hasTrain && inside >= LAYOUT_SHARE * (inside + outsideCount);
}

/** True when the project has a training part, or all classes that lie in part folders. */
function addsToClasses(labels: readonly PathLabel[], { classNames, parts }: EarlierImages): boolean {
  if (parts.has('train')) return true;
  return labels.every(({ part, className }) => part === null || (className !== null && classNames.has(className)));
}

function insideCount(counts: LayoutTally['counts']): number {
  return counts.train + counts.validation + counts.test;
}

/** What a project held before an import, as far as it tells how to read the folders of the import. */
export interface EarlierImages {
  /** Classes that had images. */
  readonly classNames: ReadonlySet<string>;
  /** Parts named by the folders that images came from. */
  readonly parts: ReadonlySet<Part>;
}

const NOTHING_EARLIER: EarlierImages = { classNames: new Set(), parts: new Set() };

/**
 * Reads the labels of all files of an import together, once they are known. Parts are kept when at least two of them have
 * class folders; else nothing would be left to validate or to test with. A folder picker gives one folder at a time, so
 * the other part may have come with an earlier import; and `test/` with folders of classes the project has is a test part.
 *
 * @returns null when the files do not lie in parts; "test" is a class like any other then.
 */
export function labelsInLayout(
  labels: readonly PathLabel[],
  earlier: EarlierImages = NOTHING_EARLIER,
): readonly LayoutLabel[] | null {
  const tally = labels.reduce(tallyLabel, EMPTY_TALLY);
  if (!hasPartFolders(tally, addsToClasses(labels, earlier))) return null;
  const isHeldOut = insideCount(tally.counts) > tally.counts.train;
  const isSplit = isHeldOut || earlier.parts.has('validation') || earlier.parts.has('test');
  return labels.map((label) => {
    const loosePart = partWithoutClass(label);
    return { part: isSplit ? (loosePart ?? label.part) : null, isUnlabelled: loosePart !== null };
  });
}

/** The part of a file directly in a part's folder. */
function partWithoutClass(label: PathLabel): Part | null {
  if (label.part !== null) return null;
  return PART_FOLDERS.get(label.className?.toLowerCase() ?? '') ?? null;
}
