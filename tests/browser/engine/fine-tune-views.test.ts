import { afterAll, beforeAll, expect, it } from 'vitest';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import type { ViewPlan } from '../../../src/domain/augmented-view.ts';
import { DEFAULT_SETTINGS, resolveSettings } from '../../../src/domain/settings.ts';
import type { TunedStages } from '../../../src/domain/tuned-stages.ts';
import { splitAtStage } from '../../../src/graph/split-at-stage.ts';
import {
  clearEngineStorage,
  endEngine,
  noiseImages,
  startTestEngine,
  type TestEngine,
  tinyHead,
} from '../../helpers/browser/engine.ts';

const HEAD = tinyHead((index) => ((index * 7) % 5) * 3 - 6);

const PLAN: ViewPlan = { strengths: strengthsOf('photos'), seed: 5, viewCount: 2 };
const MIRRORED: ViewPlan = { strengths: { ...strengthsOf('off'), flipHorizontalRatio: 1 }, seed: 0, viewCount: 1 };

let client: TestEngine;

beforeAll(async () => {
  await clearEngineStorage();
  client = await startTestEngine('wasm');
});

afterAll(() => endEngine(client));

/** The last stage with its kernels half as large again. */
async function tunedByHand(): Promise<TunedStages> {
  const { upper } = splitAtStage(await client.call('exportBackbone', { tuned: null }), 1);
  const weights = upper.nodes.flatMap((node) =>
    'kernel' in node
      ? [{ nodeName: node.name, kernel: node.kernel.values.map((value) => value * 1.5), bias: node.bias.values }]
      : [],
  );
  return { stageCount: 1, cutNode: upper.cutNode, weights };
}

it('stages learn from images and views, whose values at the cut must be there', async () => {
  const images = await noiseImages(100, 16);
  const rows = {
    hashes: images.map(({ hash }) => hash),
    classIndices: images.map((_, index) => index % 2),
    parts: images.map((_, index) => (index < 10 ? ('train' as const) : ('validation' as const))),
  };
  const chosen = {
    ...DEFAULT_SETTINGS,
    head: 'network' as const,
    epochs: 2,
    fineTuneStages: 1,
    fineTuneEpochs: 2,
    hiddenUnits: 0,
    augment: 'photos',
    augmentViews: 2,
    seed: 5,
  } as const;
  const settings = resolveSettings(chosen, { classCounts: [5, 5] });
  const train = () => client.call('train', { rows, classCount: 2, settings, resizeMode: 'crop' });
  const ofTrain = images.slice(0, 10);
  const query = { hashes: ofTrain.map(({ hash }) => hash), resizeMode: 'crop', stageCount: 1, views: PLAN } as const;
  await client.call('embed', { images, resizeMode: 'crop', stageCount: 1 });
  // Features of the views alone are not enough.
  await client.call('embed', { images: ofTrain, resizeMode: 'crop', views: PLAN });
  await expect(train()).rejects.toMatchObject({ code: 'features-missing' });
  expect(await client.call('missingFeatures', query)).toEqual(query.hashes);
  await client.call('embed', { images: ofTrain, resizeMode: 'crop', stageCount: 1, views: PLAN });
  expect(await client.call('missingFeatures', query)).toEqual([]);
  expect(await client.call('missingFeatures', { ...query, views: { ...PLAN, viewCount: 3 } })).toEqual(query.hashes);
  expect((await train()).guard).toMatchObject({ imageCount: 6 });
  const { tensorCount } = await client.call('memory', null);
  await train();
  expect((await client.call('memory', null)).tensorCount).toBe(tensorCount);
});

it('tuned stages are scored by the mean over an image and its views', async () => {
  const images = await noiseImages(300, 5);
  const hashes = images.map(({ hash }) => hash);
  const tuned = await tunedByHand();
  for (const plan of [null, MIRRORED]) {
    const views = plan === null ? {} : { views: plan };
    await client.call('embed', { images, resizeMode: 'crop', stageCount: 1, ...views });
  }
  const query = { hashes, head: HEAD, tuned, resizeMode: 'crop' } as const;
  const plain = await client.call('predict', query);
  const averaged = await client.call('predict', { ...query, views: MIRRORED });

  // The mirrored pictures as pictures of their own.
  const mirrored = await Promise.all(
    images.map(async ({ hash, blob }) => ({ hash: `${hash}m`, blob: await mirror(blob) })),
  );
  await client.call('embed', { images: mirrored, resizeMode: 'crop', stageCount: 1 });
  const other = await client.call('predict', { ...query, hashes: mirrored.map(({ hash }) => hash) });
  expect(averaged).not.toEqual(plain);
  for (const [index, value] of averaged.entries()) {
    expect(value).toBeCloseTo(((plain[index] ?? Number.NaN) + (other[index] ?? Number.NaN)) / 2, 2);
  }
  expect(Math.max(...plain.map((value, index) => Math.abs(value - (other[index] ?? 0))))).toBeGreaterThan(0.01);
});

it('views of other strengths are forgotten at the cut, the images are not', async () => {
  const images = await noiseImages(500, 3);
  const hashes = images.map(({ hash }) => hash);
  const query = { hashes, resizeMode: 'crop', stageCount: 1 } as const;
  await client.call('embed', { images, resizeMode: 'crop', stageCount: 1 });
  await client.call('embed', { images, resizeMode: 'crop', stageCount: 1, views: PLAN });
  await client.call('missingFeatures', { ...query, views: MIRRORED });
  expect(await client.call('missingFeatures', { ...query, views: PLAN })).toEqual(hashes);
  expect(await client.call('missingFeatures', query)).toEqual([]);
});

/** The picture left to right, in its own size. */
async function mirror(blob: Blob): Promise<Blob> {
  const picture = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas');
  context.scale(-1, 1);
  context.drawImage(picture, -picture.width, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
