const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['jfif', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['bmp', 'image/bmp'],
  ['avif', 'image/avif'],
  ['svg', 'image/svg+xml'],
]);

const ZIP_EXTENSIONS: ReadonlySet<string> = new Set(['zip', 'tm']);

/** Lower-case ending of a file name without its dot, or ''. */
export function extensionOf(name: string): string {
  return /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** Media type by the ending of a name, or '' when it is no image's. */
export function imageTypeOf(name: string): string {
  return MEDIA_TYPES.get(extensionOf(name)) ?? '';
}

/** True for the names zips have. */
export function isZipName(name: string): boolean {
  return ZIP_EXTENSIONS.has(extensionOf(name));
}
