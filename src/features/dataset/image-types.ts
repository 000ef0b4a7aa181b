/** What the file picker offers; the worker decides by content, not by these. */
export const IMAGE_TYPES: readonly string[] = ['image/*', '.zip'];
