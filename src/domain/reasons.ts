/** Why a file was not taken, in words for the list of rejected files. */
const REASONS: Readonly<Record<string, string>> = {
  empty: 'The file is empty.',
  'not-an-image': 'This is not an image Graft can read. JPEG, PNG, WebP, GIF, BMP and AVIF work.',
  svg: 'SVG drawings have no pixels of their own. Save it as PNG and add that.',
  'too-large': 'The image has more than 100 megapixels. Save a smaller copy and add that.',
  broken: 'The image is damaged or incomplete.',
  unreadable: 'The browser was not allowed to read this file, or it was moved meanwhile.',
  'zip-broken': 'The zip file is damaged. Download or pack it again.',
  'zip-entry-broken': 'This file is damaged inside its zip.',
  'zip-entry-too-large': 'This file is larger than 256 MB unpacked.',
  'zip-encrypted': 'This file is protected by a password. Unpack it first.',
  'zip-in-zip-too-large':
    'This zip inside a zip is larger than 256 MB. Unpack the outer zip and add this one by itself.',
  'zip-too-deep': 'This zip lies two zips deep. Unpack the outer ones and add this one by itself.',
  'no-class':
    'It lies directly in the folder of a part (training, validation or test), so nothing says which class it shows. Put it in a folder with the name of its class and add that. To have such images classified, use Try it.',
  'zip-too-many-entries': 'The zip has more than 100,000 files; the rest was left out. Add it in smaller portions.',
};

/** The sentence for a reason's code; an unknown code is shown as damage. */
export function rejectionText(code: string): string {
  return REASONS[code] ?? 'The file could not be read.';
}
