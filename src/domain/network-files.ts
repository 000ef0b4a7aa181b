/** What a file's name says about its part in a network. */
export type NetworkPart = 'whole' | 'description' | 'binary' | 'labels';

/**
 * Tells files of networks by their names alone, so that a stream of photos need not wait. Only `whole` and `description`
 * make a network; binaries and labels belong to a description in the same folder.
 */
export function networkPartOf(path: string): NetworkPart | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/\.(safetensors|h5|hdf5)$/.test(name)) return 'whole';
  if (name === 'metadata.json') return 'labels';
  if (/^model.*\.json$/.test(name)) return 'description';
  return /\.bin$|shard\d+of\d+$/.test(name) ? 'binary' : null;
}

/** The folder of a path with its slash, or ''. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/**
 * The paths of the first network among these files: a single file, or a description with what lies in its folder.
 * Empty when there is none.
 */
export function firstNetworkOf(paths: readonly string[]): readonly string[] {
  const head = paths.find((path) => ['whole', 'description'].includes(networkPartOf(path) ?? ''));
  if (head === undefined) return [];
  if (networkPartOf(head) === 'whole') return [head];
  const beside = paths.filter((path) => ['binary', 'labels'].includes(networkPartOf(path) ?? ''));
  return [head, ...beside.filter((path) => folderOf(path).startsWith(folderOf(head)))];
}
