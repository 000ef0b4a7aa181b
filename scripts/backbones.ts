import { resolve } from 'node:path';
import { isChosenByFile, OFFICIAL_BACKBONES } from '../src/domain/backbone-catalogue.ts';
import { putBackbone } from './backbone/put-backbone.ts';

/** `npm run backbones -- <id> [dir]`: an official network into a folder for self-hosting, for use without the internet. */
const DEFAULT_DIR = 'backbones';
const MEGABYTE = 1e6;

const [id, dir = DEFAULT_DIR] = process.argv.slice(2);
const entry = OFFICIAL_BACKBONES.find(({ manifest }) => manifest.id === id);

if (entry === undefined) {
  const ids = OFFICIAL_BACKBONES.filter((known) => !isChosenByFile(known)).map(({ manifest }) => manifest.id);
  if (id !== undefined) console.error(`There is no network "${id}".`);
  console.log(`npm run backbones -- <id> [folder], where <id> is one of:\n  ${ids.join('\n  ')}`);
  process.exit(id === undefined ? 0 : 1);
}
const { manifest, facts } = entry;
if (isChosenByFile(entry)) {
  console.error(
    `${manifest.name} has no download. Put ${facts?.chosenFile ?? 'its file'} into ${dir}/${manifest.id}/ yourself, with a backbone.json that names it as "file"; see README.`,
  );
  process.exit(1);
}

console.log(`Downloading ${manifest.name} (about ${megabytes(manifest.sizeBytes)}).`);
try {
  const written = await putBackbone(entry, resolve(dir), progress());
  console.log(
    `${manifest.name} is in ${dir}/${manifest.id}/ (${megabytes(written.sizeBytes)}, SHA-256 ${written.sha256}).`,
  );
  console.log(`Serve it: GRAFT_BACKBONES=${dir} npm start`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(
    `${manifest.name} could not be fetched. Nothing was written; check the network and run the command again.`,
  );
  process.exit(1);
}

/** A line for every fifth that has arrived. */
function progress(): (loadedBytes: number, totalBytes: number) => void {
  let shownFifths = 0;
  return (loadedBytes, totalBytes) => {
    const fifths = totalBytes === 0 ? 0 : Math.floor((loadedBytes / totalBytes) * 5);
    if (fifths <= shownFifths) return;
    shownFifths = fifths;
    console.log(`  ${megabytes(loadedBytes)} of ${megabytes(totalBytes)}`);
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
