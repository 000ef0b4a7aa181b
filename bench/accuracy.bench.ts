import { existsSync } from 'node:fs';
import type { Page } from 'playwright';
import { DEFAULT_SETTINGS } from '../src/domain/settings.ts';
import { importZip, withBuiltPage } from './helpers/built-page.ts';
import { BACKBONES_DIR, haveDataset, zipDataset, zipFewPhotos } from './helpers/datasets.ts';

/** With few photos to learn from, so many others of every class are tested on. */
const TESTED_PER_CLASS = 100;
/** Words of a bench that are not settings. */
const OWN_KEYS: readonly string[] = ['perClass', 'seeds'];

interface Plan {
  readonly dataset: string;
  readonly ids: readonly string[];
  /** Photos to learn from in each class; null takes all photos with the default split. */
  readonly perClass: number | null;
  readonly seedCount: number;
  /** One training of every backbone each, on the same features. */
  readonly variants: readonly Settings[];
}

type Settings = Readonly<Record<string, unknown>>;

/**
 * `npm run bench accuracy [data set] [backbone id ...] [perClass=n] [seeds=n] [setting=value ...] [/ setting=value ...]`: test
 * accuracy of the default settings, changed by those given, through the built page on wasm; behind each slash stand the
 * settings of a further training. Seeds count from 42.
 * Without ids: MobileNet v2 1.0 of the shared folder and the bundled backbone. With `perClass` n photos of every class
 * are learnt from and 100 others tested on; each seed takes other photos to learn from.
 */
export async function run(args: string[]): Promise<void> {
  const plan = readArgs(args);
  if (!haveDataset(plan.dataset)) return;
  for (let index = 0; index < plan.seedCount; index++) await measure(plan, 42 + index);
}

function readArgs(args: readonly string[]): Plan {
  const words = args.filter((arg) => !arg.includes('=') && arg !== '/');
  const given = pairsOf(args);
  const [dataset = 'flowers5', ...wanted] = words;
  return {
    dataset,
    ids: wanted.length > 0 ? wanted : ['mobilenet_v2_1.0_224_tf2_f16', 'mobilenet_v2_1.4_224_bundled'],
    perClass: given.has('perClass') ? Number(given.get('perClass')) : null,
    seedCount: Number(given.get('seeds') ?? 1),
    variants: groupsOf(args).map((group) =>
      Object.fromEntries([...pairsOf(group)].filter(([key]) => !OWN_KEYS.includes(key))),
    ),
  };
}

/** The words between the slashes. */
function groupsOf(args: readonly string[]): string[][] {
  const groups: string[][] = [[]];
  for (const arg of args) {
    if (arg === '/') groups.push([]);
    else groups.at(-1)?.push(arg);
  }
  return groups;
}

function pairsOf(args: readonly string[]): Map<string, unknown> {
  return new Map(args.filter((arg) => arg.includes('=')).map((arg) => [arg.split('=')[0] ?? '', settingValue(arg)]));
}

/** What stands behind the equals sign: a number, true, an object or plain text. */
function settingValue(arg: string): unknown {
  const text = arg.slice(arg.indexOf('=') + 1);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function measure({ dataset, ids, perClass, variants }: Plan, seed: number): Promise<void> {
  const zip =
    perClass === null
      ? await zipDataset(dataset, null)
      : await zipFewPhotos(dataset, { perClass, testedPerClass: TESTED_PER_CLASS, seed });
  await withBuiltPage(
    { backend: 'wasm', backbonesDir: existsSync(BACKBONES_DIR) ? BACKBONES_DIR : null },
    async (page) => {
      const imported = await importZip(page, zip);
      console.log(
        `${dataset}: ${imported.addedCount} images imported in ${imported.seconds.toFixed(1)} s, seed ${seed}`,
      );
      console.log(
        'backbone | settings | test accuracy | 95 % interval | macro F1 | features s | training s | epochs | stages kept',
      );
      for (const id of ids) {
        for (const settings of variants) console.log(await trainOn(page, id, settings, seed));
      }
    },
  );
}

async function trainOn(page: Page, id: string, settings: Settings, seed: number): Promise<string> {
  const { trained, evaluation } = await page.evaluate(
    async ([backboneId, change]) => {
      await graft.useBackbone(backboneId);
      return { trained: await graft.train(change), evaluation: await graft.evaluate('test') };
    },
    // The settings of the training before stay in the project.
    [id, { ...DEFAULT_SETTINGS, ...settings, seed }] as const,
  );
  const interval = trained.testAccuracyInterval;
  return [
    id,
    JSON.stringify(settings),
    trained.testAccuracyRatio?.toFixed(4),
    interval === null ? '-' : `${interval.low.toFixed(3)}-${interval.high.toFixed(3)}`,
    evaluation.macroF1Ratio?.toFixed(4),
    trained.seconds.features.toFixed(1),
    trained.seconds.training.toFixed(1),
    trained.epochCount,
    trained.fineTuning === null
      ? '-'
      : `${trained.fineTuning.kept ? 'yes' : 'no'}, validation loss ${trained.fineTuning.lossGain.toFixed(4)} lower`,
  ].join(' | ');
}
