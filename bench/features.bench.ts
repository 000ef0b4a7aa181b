import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { prepare } from '../scripts/prepare.ts';
import type { BackboneEntry, BackboneManifest } from '../src/domain/backbone.ts';
import type { BackendName } from '../src/engine/contract.ts';
import type { Comparison } from './feature-page/page.ts';
import { BACKBONES_DIR, DATASETS_DIR } from './helpers/datasets.ts';
import { buildFeaturePage, withFeaturePage } from './helpers/feature-page.ts';

const IMAGE_COUNT = 32;
const SHARED = join(BACKBONES_DIR, 'mobilenet_v2_1.0_224_tf2_f16');
const BUNDLED = resolve('public/backbones/mobilenet_v2_1.4_224_bundled');
const BACKENDS: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

/**
 * `npm run bench features [backend ...] [rounds=5]`: time of an image, ours beside the same network as tfjs loads it, ONNX Runtime Web
 * and Teachable Machine's library, in interleaved rounds on one page. wasm runs twice: with one thread and with as many
 * as the engine takes. A software adapter says nothing about a GPU, so only wasm runs unless others are named.
 */
export async function run(args: string[]): Promise<void> {
  const wanted = BACKENDS.filter((name) => args.includes(name));
  const rounds = Number(args.find((arg) => arg.startsWith('rounds='))?.slice('rounds='.length) ?? 5);
  await prepare(process.cwd());
  const outDir = await buildFeaturePage();
  try {
    for (const backend of wanted.length > 0 ? wanted : (['wasm'] as const)) {
      for (const isolated of backend === 'wasm' ? [false, true] : [true])
        await compare(outDir, backend, isolated, rounds);
    }
    for (const name of BACKENDS) {
      if (name !== 'wasm' && !wanted.includes(name)) console.log(`${name}: not measured`);
    }
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

async function compare(outDir: string, backend: BackendName, isolated: boolean, rounds: number): Promise<void> {
  const folder = existsSync(SHARED) ? SHARED : BUNDLED;
  const manifest = JSON.parse(readFileSync(join(folder, 'backbone.json'), 'utf8')) as BackboneManifest;
  const folders = { backbone: folder, ort: resolve('node_modules/onnxruntime-web/dist') };
  await withFeaturePage(outDir, folders, isolated, async (page, url) => {
    page.on('console', (message) => process.stderr.write(`${message.text()}\n`));
    const entry: BackboneEntry = { manifest, origin: 'bundled', urls: [`${url}backbone/model.json`] };
    await choosePhotos(page);
    const result = await page.evaluate(
      async (input) => {
        const chosen = document.querySelector('input');
        return compareFeatures({ ...input, files: [...(chosen?.files ?? [])] });
      },
      { backend, entry, rounds },
    );
    print(manifest.name, result);
  });
}

/** Real photos where they are, else as many drawn by the page. */
async function choosePhotos(page: Page): Promise<void> {
  await page.evaluate(() =>
    document.body.append(Object.assign(document.createElement('input'), { type: 'file', multiple: true })),
  );
  const flowers = join(DATASETS_DIR, 'flowers5');
  if (existsSync(flowers)) {
    const photos = readdirSync(flowers).flatMap((name) =>
      readdirSync(join(flowers, name))
        .sort()
        .slice(0, 10)
        .map((photo) => join(flowers, name, photo)),
    );
    await page.setInputFiles('input', photos.slice(0, IMAGE_COUNT));
    return;
  }
  console.log('../shared/datasets/flowers5 is not there: the pictures are drawn');
  await page.evaluate(async (count) => {
    const files = new DataTransfer();
    for (let index = 0; index < count; index += 1) {
      const canvas = new OffscreenCanvas(500, 375);
      const context = canvas.getContext('2d');
      for (let spot = 0; context !== null && spot < 400; spot += 1) {
        context.fillStyle = `hsl(${(spot * 47 + index * 31) % 360} 70% 50%)`;
        context.fillRect((spot * 131) % 500, (spot * 71) % 375, 40, 30);
      }
      files.items.add(new File([await canvas.convertToBlob({ type: 'image/jpeg' })], `${index}.jpg`));
    }
    const input = document.querySelector('input');
    if (input !== null) input.files = files.files;
  }, IMAGE_COUNT);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(network: string, { backend, threadCount, batchSize, ways, stages }: Comparison): void {
  const threads = backend === 'wasm' ? `, ${threadCount} ${threadCount === 1 ? 'thread' : 'threads'}` : '';
  console.log(`\n${backend}${threads}, ${network}, batches of ${batchSize}`);
  const [ours, , , ourFiles] = ways;
  console.log('way | ms per image, median | lowest | as a multiple of ours | difference of features');
  for (const way of ways) {
    if (way.reason !== null) {
      console.log(`${way.name} | not measured: ${way.reason}`);
      continue;
    }
    const base = way.name.includes('file to feature') ? ourFiles : ours;
    // Round by round, so that a busy moment of the machine weighs on both.
    const ratio = median(way.imageMs.map((ms, round) => ms / (base?.imageMs[round] ?? Number.NaN)));
    console.log(
      [
        way.name,
        median(way.imageMs).toFixed(1),
        Math.min(...way.imageMs).toFixed(1),
        ratio.toFixed(2),
        way.differenceRatio?.toExponential(1) ?? '-',
      ].join(' | '),
    );
  }
  const shares = Object.entries(stages).map(([stage, ms]) => `${stage.replace('Ms', '')} ${ms.toFixed(2)} ms`);
  console.log(`of an image of ours, one after the other: ${shares.join(', ')}`);
}
