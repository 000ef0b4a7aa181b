import { existsSync } from 'node:fs';
import { importZip, withBuiltPage } from './helpers/built-page.ts';
import { BACKBONES_DIR, haveDataset, zipDataset } from './helpers/datasets.ts';

/**
 * `npm run bench thousand`: 1,000 photos from drop to trained and evaluated on wasm, then a relabel and a second training.
 * Last, 50 rounds of train, evaluate and dispose: the tensor count must stay what it was after the first.
 */
export async function run(args: string[]): Promise<void> {
  if (!haveDataset('flowers5')) return;
  const rounds = Number(args[0] ?? 50);
  const zip = await zipDataset('flowers5', 200);
  await withBuiltPage(
    { backend: 'wasm', backbonesDir: existsSync(BACKBONES_DIR) ? BACKBONES_DIR : null },
    async (page) => {
      const imported = await importZip(page, zip);
      const first = await page.evaluate(() => graft.train());
      const total = imported.seconds + first.seconds.features + first.seconds.training + first.seconds.evaluation;
      console.log(`${imported.addedCount} images, backbone ${first.backboneId}`);
      console.log(`import (hash, decode, thumbnail, store)  ${imported.seconds.toFixed(2)} s`);
      console.log(`features (decode + embed)                ${first.seconds.features.toFixed(2)} s`);
      console.log(`head training, ${first.epochCount} epochs                ${first.seconds.training.toFixed(2)} s`);
      console.log(`evaluation                               ${first.seconds.evaluation.toFixed(2)} s`);
      console.log(
        `whole ${total.toFixed(2)} s, head training ${((100 * first.seconds.training) / total).toFixed(1)} % of it`,
      );

      const again = await page.evaluate(async () => {
        const before = await graft.project();
        const [, second] = before.classes;
        const startedMs = performance.now();
        await graft.relabel(
          (await graft.images()).slice(0, 1).map((image) => image.hash),
          second?.name ?? '',
        );
        const trained = await graft.train();
        return {
          wallSeconds: (performance.now() - startedMs) / 1000,
          seconds: trained.seconds,
          epochCount: trained.epochCount,
        };
      });
      console.log(
        `relabel one image and train again        ${again.wallSeconds.toFixed(2)} s (${again.epochCount} epochs, features ${again.seconds.features.toFixed(2)} s)`,
      );

      const counts = await page.evaluate(async (roundCount) => {
        const tensorCounts: number[] = [];
        for (let round = 0; round < roundCount; round += 1) {
          await graft.train({ epochs: 2, patience: 0 });
          await graft.evaluate('test');
          tensorCounts.push((await graft.memory()).tensorCount);
        }
        return tensorCounts;
      }, rounds);
      console.log(`tensors after the first of ${rounds} rounds ${counts[0]}, after the last ${counts.at(-1)}`);
    },
  );
}
