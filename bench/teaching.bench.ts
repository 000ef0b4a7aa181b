import { existsSync } from 'node:fs';
import type { Page } from 'playwright';
import { DEFAULT_SETTINGS } from '../src/domain/settings.ts';
import { importZip, withBuiltPage } from './helpers/built-page.ts';
import { BACKBONES_DIR, haveDataset, zipFewPhotos } from './helpers/datasets.ts';

const TESTED_PER_CLASS = 100;

/**
 * `npm run bench teaching [data set] [teacher id] [pupil id] [perClass=60] [seeds=3]`: test accuracy of a head on a larger network, of
 * one on a smaller network alone, and of that taught by the first, on the same photos, through the built page on wasm.
 * 100 photos of every class are tested on; each seed takes other photos to learn from.
 */
export async function run(args: string[]): Promise<void> {
  const words = args.filter((arg) => !arg.includes('='));
  const numbers = new Map(args.filter((arg) => arg.includes('=')).map((arg) => arg.split('=') as [string, string]));
  const [dataset = 'flowers5', teacherId = 'mobilenet_v1_1.0_224_q8', pupilId = 'mobilenet_v1_0.25_128_q8'] = words;
  if (!haveDataset(dataset) || !existsSync(BACKBONES_DIR)) return;
  const perClass = Number(numbers.get('perClass') ?? 60);
  console.log(`${dataset}, ${perClass} a class: seed | ${teacherId} | ${pupilId} alone | taught`);
  for (let seed = 42; seed < 42 + Number(numbers.get('seeds') ?? 3); seed++) {
    const zip = await zipFewPhotos(dataset, { perClass, testedPerClass: TESTED_PER_CLASS, seed });
    await withBuiltPage({ backend: 'wasm', backbonesDir: BACKBONES_DIR }, async (page) => {
      await importZip(page, zip);
      const accuracies = await teach(page, { teacherId, pupilId, settings: { ...DEFAULT_SETTINGS, seed } });
      console.log([seed, ...accuracies.map((ratio) => ratio?.toFixed(4))].join(' | '));
    });
  }
}

function teach(page: Page, input: { teacherId: string; pupilId: string; settings: typeof DEFAULT_SETTINGS }) {
  return page.evaluate(async ({ teacherId, pupilId, settings }) => {
    await graft.useBackbone(teacherId);
    const teacher = await graft.train(settings);
    await graft.useBackbone(pupilId);
    const alone = await graft.train(settings);
    const taught = await graft.distil({ teacherRunId: teacher.runId, backboneId: pupilId });
    return [teacher, alone, taught].map(({ testAccuracyRatio }) => testAccuracyRatio);
  }, input);
}
