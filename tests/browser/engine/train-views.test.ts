import { describe, expect, test } from 'vitest';
import { trainHead } from '../../../src/engine/train.ts';
import { makeRun, useBackend } from './train-setup.ts';

const TRAIN_COUNT = 60;

/** Puts copies of the training rows behind all others, as the views of an augmentation that changes nothing. */
function withViews(viewCount: number) {
  const { options, events } = makeRun({ trainCount: TRAIN_COUNT });
  const { values, featureLength } = options.features;
  const own = [...values];
  const views = Array.from({ length: viewCount }, () => own.slice(0, TRAIN_COUNT * featureLength)).flat();
  const features = { values: Float32Array.from([...own, ...views]), featureLength };
  return { options: { ...options, features, viewCount }, events };
}

describe.each(['wasm', 'cpu'] as const)('views of training images, on %s', (backend) => {
  test('all come once an epoch, and validation rows never', async () => {
    await useBackend(backend);
    const { options, events } = withViews(3);
    await trainHead({ ...options, settings: { ...options.settings, epochs: 1 } });
    expect(events[0]?.confusion.reduce((sum, count) => sum + count, 0)).toBe(15);
    expect(events[0]?.epoch.trainLoss).toBeGreaterThan(0);
  });

  test('teach as much as more epochs do when they change nothing', async () => {
    await useBackend(backend);
    const plain = withViews(0);
    const viewed = withViews(3);
    await trainHead(plain.options);
    await trainHead(viewed.options);
    const lossOf = ({ events }: typeof plain) => events.at(-1)?.epoch.validationLoss ?? Number.NaN;
    expect(lossOf(viewed)).toBeLessThan(lossOf(plain));
  });
});

describe('mixup', () => {
  const settings = { mixup: 0.4, labelSmoothing: 0.1, dropout: 0.2, epochs: 3 };

  test('gives the same losses by our own kernels and by tfjs operations', async () => {
    const lossesNow = async () => {
      const { options, events } = makeRun({ settings });
      await trainHead(options);
      return events.flatMap(({ epoch }) => [epoch.trainLoss, epoch.validationLoss ?? 0]);
    };
    await useBackend('wasm');
    const kernels = await lossesNow();
    await useBackend('cpu');
    const operations = await lossesNow();
    expect(kernels).toHaveLength(6);
    for (const [index, loss] of kernels.entries()) expect(loss).toBeCloseTo(operations[index] ?? Number.NaN, 4);
  });

  test('changes what is learnt, and the same seed gives it again', async () => {
    await useBackend('wasm');
    const run = async (mixup: number) => (await trainHead(makeRun({ settings: { ...settings, mixup } }).options)).head;
    expect(await run(0.4)).toEqual(await run(0.4));
    expect(await run(0.4)).not.toEqual(await run(0));
  });
});
