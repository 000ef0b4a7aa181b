/** One file on its way in. `path` uses `/`, has no leading slash, and ends with the file's name. */
export interface DroppedFile {
  readonly blob: Blob;
  readonly path: string;
}
