import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DRAWINGS } from './samples/drawing-names.ts';

/** An icon set as its package carries it. */
interface IconSet {
  readonly width: number;
  readonly height: number;
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
}

interface DrawingStyle {
  readonly packageName: string;
  readonly credit: { readonly title: string; readonly licence: string; readonly url: string };
}

/** What `credits.json` says; the page shows it beside the sample images. */
interface SampleCredits {
  readonly name: string;
  readonly description: string;
  readonly imageCount: number;
  readonly classes: readonly { readonly name: string; readonly imageCount: number }[];
  readonly credits: readonly DrawingStyle['credit'][];
  /** Tells whether the files were made by this script from these packages. */
  readonly stamp: string;
}

interface Sample {
  readonly path: string;
  readonly svg: string;
}

const STYLES: readonly DrawingStyle[] = [
  {
    packageName: '@iconify-json/fluent-emoji-flat',
    credit: {
      title: 'Fluent Emoji Flat by Microsoft Corporation',
      licence: 'MIT',
      url: 'https://github.com/microsoft/fluentui-emoji',
    },
  },
  {
    packageName: '@iconify-json/noto',
    credit: {
      title: 'Noto Emoji by Google Inc',
      licence: 'Apache-2.0',
      url: 'https://github.com/googlefonts/noto-emoji',
    },
  },
];

const SIDE_PX = 256;

/** Plain pale backgrounds; every class gets all of them, so that colour tells nothing about the class. */
const BACKGROUNDS = ['#fdf6ec', '#eaf4fb', '#eef7ea', '#fbeef2', '#f3effa', '#fff8d9', '#e8f6f3', '#f2f2f0'];

/** A fixed date makes the zip the same on every machine. */
const ZIP_DATE = new Date(2024, 0, 1);

/**
 * Makes `public/samples/drawings.zip` (a folder for each class, 256 px PNG) and `credits.json` under `root` from the
 * installed icon sets. Returns at once when they are there and up to date.
 */
export async function prepareSamples(root: string): Promise<void> {
  const folder = join(root, 'public', 'samples');
  const stamp = await stampOf(root);
  if (await isUpToDate(folder, stamp)) return;
  const samples = await drawSamples(root);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'drawings.zip'), await pack(samples));
  // Last, because it carries the stamp.
  await writeFile(join(folder, 'credits.json'), `${JSON.stringify(creditsOf(samples, stamp), null, 2)}\n`);
}

async function isUpToDate(folder: string, stamp: string): Promise<boolean> {
  const credits = join(folder, 'credits.json');
  if (!existsSync(credits) || !existsSync(join(folder, 'drawings.zip'))) return false;
  return (await readFile(credits, 'utf8')).includes(`"stamp": "${stamp}"`);
}

async function stampOf(root: string): Promise<string> {
  const inputs = [
    ...STYLES.map(({ packageName }) => join(root, 'node_modules', packageName, 'package.json')),
    join(root, 'scripts', 'prepare-samples.ts'),
    join(root, 'scripts', 'samples', 'drawing-names.ts'),
  ];
  const hash = createHash('sha256');
  for (const path of inputs) hash.update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}

async function drawSamples(root: string): Promise<Sample[]> {
  const sets = await Promise.all(STYLES.map(({ packageName }) => readIconSet(root, packageName)));
  return Object.entries(DRAWINGS).flatMap(([className, names]) =>
    names.flatMap((name, position) =>
      sets.map((set, style) => ({
        path: `${className}/${name}-${style + 1}.png`,
        svg: svgOf(set, name, position + 3 * style),
      })),
    ),
  );
}

async function readIconSet(root: string, packageName: string): Promise<IconSet> {
  const path = join(root, 'node_modules', packageName, 'icons.json');
  const set: IconSet = JSON.parse(await readFile(path, 'utf8'));
  return set;
}

/** One drawing, a little off centre and of varying size, as photographed by hand. */
function svgOf({ width, height, icons }: IconSet, name: string, serial: number): string {
  const icon = icons[name];
  if (icon === undefined) throw new Error(`The icon set has no drawing called ${name}`);
  const side = 170 + ((serial * 37) % 61);
  const room = SIDE_PX - side;
  const left = (room * (20 + ((serial * 53) % 61))) / 100;
  const top = (room * (20 + ((serial * 71) % 61))) / 100;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${SIDE_PX}" height="${SIDE_PX}">`,
    `<rect width="100%" height="100%" fill="${BACKGROUNDS[serial % BACKGROUNDS.length]}"/>`,
    `<svg x="${left}" y="${top}" width="${side}" height="${side}" viewBox="0 0 ${width} ${height}">${icon.body}</svg>`,
    '</svg>',
  ].join('');
}

async function pack(samples: readonly Sample[]): Promise<Uint8Array> {
  const [{ Resvg }, { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter }] = await Promise.all([
    import('@resvg/resvg-js'),
    import('@zip.js/zip.js'),
  ]);
  const options = { useWebWorkers: false, level: 0, dataDescriptor: false, lastModDate: ZIP_DATE };
  const writer = new ZipWriter(new Uint8ArrayWriter(), options);
  for (const { path, svg } of samples) {
    await writer.add(path, new Uint8ArrayReader(new Resvg(svg).render().asPng()));
  }
  return writer.close();
}

function creditsOf(samples: readonly Sample[], stamp: string): SampleCredits {
  const classes = Object.keys(DRAWINGS).map((name) => ({
    name,
    imageCount: samples.filter(({ path }) => path.startsWith(`${name}/`)).length,
  }));
  return {
    name: 'Drawings of animals, food and vehicles',
    description:
      'Drawings, not photos: small pictures from two free emoji sets, to try Graft without images of your own.',
    imageCount: samples.length,
    classes,
    credits: STYLES.map(({ credit }) => credit),
    stamp,
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await prepareSamples(process.cwd());
}
