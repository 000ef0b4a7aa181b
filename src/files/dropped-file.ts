/** Why a file could not be taken out of its folder or zip; the texts are in `domain/reasons.ts`. */
export type FileProblem =
  | 'unreadable'
  | 'zip-broken'
  | 'zip-entry-broken'
  | 'zip-entry-too-large'
  | 'zip-in-zip-too-large'
  | 'zip-too-deep'
  | 'zip-encrypted'
  | 'zip-too-many-entries';

/** One file on its way in. `path` uses `/`, has no leading slash, and ends with the file's name. */
export interface DroppedFile {
  /** Empty when there is a problem. */
  readonly blob: Blob;
  readonly path: string;
  /** The camera hold that recorded it, for a frame of one. */
  readonly holdId?: string;
  /** Present when the file was found but could not be read. */
  readonly problem?: FileProblem;
}
