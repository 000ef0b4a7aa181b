/**
 * A thumbnail as a picture file held in memory, a few kilobytes. Bytes and not a `Blob`: every blob made, stored or shown
 * makes the thread wait for the browser's own process, and thousands of them add up to seconds.
 */
export interface ThumbnailFile {
  /** The whole of its buffer, so that storing it stores nothing else. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}
