/**
 * A blob with bytes of its own. A dropped `File` only points at the disk and dies with the file there.
 * @returns null when the file cannot be read any more.
 */
export async function detachedCopy(blob: Blob): Promise<Blob | null> {
  if (!(blob instanceof File)) return blob;
  try {
    return new Blob([await blob.arrayBuffer()], { type: blob.type });
  } catch {
    return null;
  }
}
