/** Time the browser gets to begin reading the blob, ms. */
const ADDRESS_LIFE_MS = 60_000;

/** Hands a blob to the user as a download. */
export function downloadBlob(fileName: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_LIFE_MS);
}
