import { describe, expect, it } from 'vitest';
import { readKerasFile } from '../../../src/engine/keras-file.ts';
import { readAnyModel } from '../../../src/graph/read-any-model.ts';

const FIXTURES = `${location.origin}/tests/fixtures/keras/`;

async function fixture(name: string): Promise<ArrayBuffer> {
  const response = await fetch(`${FIXTURES}${name}`);
  expect(response.ok).toBe(true);
  return response.arrayBuffer();
}

const never = () => new AbortController().signal;

describe('a Keras file', () => {
  it('is read in a worker, with its description and its weights', async () => {
    const contents = await readKerasFile(await fixture('functional-keras2.h5'), never());
    expect(contents).toMatchObject({ kerasVersion: '2.15.0', modelConfig: { class_name: 'Functional' } });
    const names = contents.layers.flatMap(({ weights }) => weights.map(({ name }) => name));
    expect(names.slice(0, 3)).toEqual(['conv1/kernel:0', 'conv1_bn/gamma:0', 'conv1_bn/beta:0']);
    const { graph } = readAnyModel({ kind: 'keras', name: 'own.h5', contents });
    expect(graph.featureLength).toBe(64);
  });
});

async function refusal(bytes: ArrayBuffer): Promise<unknown> {
  return readKerasFile(bytes, never()).then(
    () => null,
    (error: unknown) => error,
  );
}

describe('a Keras file that cannot be read', () => {
  it('is refused when it is cut short', async () => {
    const whole = await fixture('vgg16_weights_notop.h5');
    for (const length of [7, 100, whole.byteLength / 2, whole.byteLength - 1]) {
      expect(await refusal(whole.slice(0, length))).toMatchObject({ code: 'backbone-corrupt' });
    }
  });

  it('is refused when its description is no JSON', async () => {
    const bytes = await fixture('functional-keras2.h5');
    const text = new TextDecoder('latin1').decode(bytes);
    new Uint8Array(bytes)[text.indexOf('{"class_name"')] = 0x21;
    expect(await refusal(bytes)).toMatchObject({
      code: 'backbone-corrupt',
      message: expect.stringMatching(/model_config/),
    });
  });

  it('is refused when 200 kB of it ask for 180 MB', async () => {
    expect(await refusal(await fixture('names-without-end.h5'))).toMatchObject({
      code: 'backbone-corrupt',
      message: expect.stringMatching(/more memory than a file of its size/),
    });
  });

  it('is given up when the caller cancels', async () => {
    const cancel = new AbortController();
    const reading = readKerasFile(await fixture('vgg16_weights_notop.h5'), cancel.signal);
    cancel.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});
