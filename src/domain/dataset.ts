/** Identity of a class; stays the same through renames. */
export type ClassId = string;
/** Identity of one labelled image in a project. Two items may share one content hash (a label conflict). */
export type ImageId = string;
/** SHA-256 of the file's bytes, 64 lower-case hexadecimal digits. */
export type ContentHash = string;

/** The three parts of a split. */
export type Part = 'train' | 'validation' | 'test';
export const PARTS: readonly Part[] = ['train', 'validation', 'test'];

/**
 * Where an image is kept whatever the split says. 'train-or-validation' keeps it out of the test part alone: given folders
 * train/ and test/ say what to score on, and which images decide when to stop is dealt out of train/.
 */
export type PartLock = Part | 'train-or-validation';
export const PART_LOCKS: readonly PartLock[] = [...PARTS, 'train-or-validation'];

/** One class as the user sees it. Its position in `Dataset.classes` is its class index. */
export interface ClassLabel {
  readonly id: ClassId;
  readonly name: string;
  /** Index into the palette of class colours, 0-based; wraps around. */
  readonly colorIndex: number;
}

/** What tells which other photos an image belongs with; `groupsOf` makes groups of it. */
export interface GroupFacts {
  /** When the photo was taken by its EXIF data, ms since 1970 by the camera's own clock; null where it does not say. */
  readonly takenAtMs: number | null;
  /** The camera hold that the frame was recorded in; null for a file. */
  readonly holdId: string | null;
  /** 64 bits of what is seen, 16 hexadecimal digits: those of near-copies differ in few. Null where none was computed. */
  readonly perceptualHash: string | null;
  /** Near-copies found by their features have the same; null for a photo without one. */
  readonly nearCopyId: string | null;
  /** Photos that the user keeps together have the same; null without such a choice. */
  readonly joinedId: string | null;
  /** True when the user keeps the photo apart from what the other facts say it belongs with. */
  readonly isApart: boolean;
}

/** Nothing is known. */
export const NO_GROUP_FACTS: GroupFacts = {
  takenAtMs: null,
  holdId: null,
  perceptualHash: null,
  nearCopyId: null,
  joinedId: null,
  isApart: false,
};

/** One labelled image. Pixels and thumbnails live in storage under `hash`. */
export interface ImageItem {
  readonly id: ImageId;
  readonly hash: ContentHash;
  readonly classId: ClassId;
  /** File name without folders. */
  readonly name: string;
  /** Path as dropped, with `/`; equals `name` for single files. */
  readonly path: string;
  /** Size as displayed, that is after EXIF orientation. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly sizeBytes: number;
  /** The part, or parts, this image is kept in, or null when the seeded split decides alone. */
  readonly lockedPart: PartLock | null;
  readonly grouping: GroupFacts;
  readonly addedAtMs: number;
}

/** Edits of test images that make the scores of later runs look better: made with a model's answers known. */
export interface HeldOutEdits {
  /** Test images moved to the class that the model in use had said. */
  readonly relabelledCount: number;
  /** Test images deleted that the model in use had got wrong. */
  readonly deletedCount: number;
}

/** Everything labelled in a project. Iteration order of `images` is the order of arrival. */
export interface Dataset {
  readonly classes: readonly ClassLabel[];
  readonly images: ReadonlyMap<ImageId, ImageItem>;
  /** Absent while there are none. */
  readonly heldOutEdits?: HeldOutEdits;
}

export const EMPTY_DATASET: Dataset = { classes: [], images: new Map() };
