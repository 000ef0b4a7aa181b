import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

const IMPORT = /^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm;

/**
 * A hash of what a source file computes with: itself and all files of ours that it imports, straight or through others. Types do
 * not count.
 * @param read the text of a file, by its path.
 */
export function closureHash(entry: string, read: (file: string) => string): string {
  const texts = new Map<string, string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (texts.has(file)) continue;
    const text = read(file);
    texts.set(file, text);
    const folder = dirname(file);
    for (const [, path = ''] of text.matchAll(IMPORT)) open.push(join(folder, path));
  }
  const hash = createHash('sha256');
  for (const file of [...texts.keys()].sort()) hash.update(`${file}\n${texts.get(file)}\n`);
  return hash.digest('hex').slice(0, 16);
}
