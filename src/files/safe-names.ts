const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** Ending of project files. */
export const PROJECT_FILE_ENDING = '.graft.zip';

/** A name every file system takes: letters and digits of all scripts stay, separators and control characters go. */
export function safeName(name: string, fallback: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}<>:"/\\|?*]+/gu, '_')
    .replace(/^[\s.]+|[\s.]+$/gu, '');
  const short = Array.from(plain).slice(0, 80).join('').trim();
  if (short === '') return fallback;
  return RESERVED.test(short.replace(/\..*$/, '')) ? `_${short}` : short;
}

/** Gives out paths that differ even on file systems that ignore case: "rose.jpg", "rose (2).jpg". */
export function distinctPaths(): (folder: string, name: string) => string {
  const taken = new Set<string>();
  return (folder, name) => {
    const [, stem = name, ending = ''] = /^(.*?)(\.[^.]*)?$/s.exec(name) ?? [];
    let path = `${folder}${name}`;
    for (let number = 2; taken.has(path.toLowerCase()); number += 1) path = `${folder}${stem} (${number})${ending}`;
    taken.add(path.toLowerCase());
    return path;
  };
}
