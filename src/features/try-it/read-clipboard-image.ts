export type ClipboardImage =
  | { readonly kind: 'image'; readonly blob: Blob }
  | { readonly kind: 'none'; readonly reason: string };

/** The first image on the clipboard, or why there is none. The browser may ask the user first. */
export async function readClipboardImage(): Promise<ClipboardImage> {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((candidate) => candidate.startsWith('image/'));
      if (type !== undefined) return { kind: 'image', blob: await item.getType(type) };
    }
    return { kind: 'none', reason: 'There is no image on the clipboard. Copy one first.' };
  } catch {
    return { kind: 'none', reason: 'The browser did not give the clipboard. Press Ctrl+V here, or choose a file.' };
  }
}
