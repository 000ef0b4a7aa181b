import { existsSync } from 'node:fs';
import { importZip, withBuiltPage } from './helpers/built-page.ts';
import { BACKBONES_DIR, haveDataset, zipDataset } from './helpers/datasets.ts';

/**
 * `npm run bench accuracy [data set] [backbone id ...]`: test accuracy of the default settings, seed 42, through the built page on wasm.
 * Without ids: MobileNet v2 1.0 of the shared folder and the bundled backbone.
 */
export async function run(args: string[]): Promise<void> {
  const [dataset = 'flowers5', ...wanted] = args;
  if (!haveDataset(dataset)) return;
  const zip = await zipDataset(dataset, null);
  const ids = wanted.length > 0 ? wanted : ['mobilenet_v2_1.0_224_tf2_f16', 'mobilenet_v2_1.4_224_bundled'];
  await withBuiltPage(
    { backend: 'wasm', backbonesDir: existsSync(BACKBONES_DIR) ? BACKBONES_DIR : null },
    async (page) => {
      const imported = await importZip(page, zip);
      console.log(`${dataset}: ${imported.addedCount} images imported in ${imported.seconds.toFixed(1)} s`);
      console.log('backbone | test accuracy | 95 % interval | macro F1 | features s | training s | epochs');
      for (const id of ids) {
        const row = await page.evaluate(async (backboneId) => {
          await graft.useBackbone(backboneId);
          const trained = await graft.train();
          const evaluation = await graft.evaluate('test');
          return { trained, evaluation };
        }, id);
        const interval = row.trained.testAccuracyInterval;
        console.log(
          [
            id,
            row.trained.testAccuracyRatio?.toFixed(4),
            interval === null ? '-' : `${interval.low.toFixed(3)}-${interval.high.toFixed(3)}`,
            row.evaluation.macroF1Ratio?.toFixed(4),
            row.trained.seconds.features.toFixed(1),
            row.trained.seconds.training.toFixed(1),
            row.trained.epochCount,
          ].join(' | '),
        );
      }
    },
  );
}
