/// <reference path="./raw-files.d.ts" />
import { CodedError } from '../domain/coded-error.ts';
import type { Preprocessing } from '../domain/preprocessing.ts';
import type { ZipInput } from '../files/zip-blobs.ts';
import page from './demo-page/index.html?raw';
import script from './demo-page/page.js?raw';
import prepare from './demo-page/prepare.js?raw';
import type { LayersModelFiles } from './head-model.ts';
import { PARITY_TOLERANCE, type ParitySample, sixDigits } from './parity-files.ts';

/** A file to copy into the download, not code of this page; the build puts it as it is beside the page's own files. */
const LIBRARY_URL = new URL('../../node_modules/@tensorflow/tfjs/dist/tf.es2017.min.js', import.meta.url);

/** Bytes per string of base64: long enough to be few, short enough for every engine. */
const SLICE_BYTES = 3 * 1024 * 1024;

/**
 * `index.html` and its `page/` folder: a page that classifies images with the model, from disk as from a server.
 * The model is in it as a script, because a page opened from disk may load scripts but not read files.
 *
 * @throws CodedError 'library-unreachable' when the page's copy of TensorFlow.js cannot be fetched.
 */
export async function* demoPage(options: {
  readonly modelName: string;
  readonly labels: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly model: LayersModelFiles;
  readonly samples: readonly ParitySample[];
}): AsyncGenerator<ZipInput> {
  yield { path: 'index.html', content: page };
  yield { path: 'page/prepare.js', content: prepare };
  yield { path: 'page/page.js', content: script };
  yield { path: 'page/tf.min.js', content: await library() };
  yield { path: 'page/model.js', content: await modelScript(options) };
}

async function library(): Promise<Blob> {
  try {
    const response = await fetch(LIBRARY_URL);
    if (response.ok) return await response.blob();
    throw new Error(`status ${response.status}`);
  } catch (cause) {
    throw new CodedError('library-unreachable', `TensorFlow.js for the download could not be read.`, { cause });
  }
}

/** A classic script that sets `window.graftModel`; see `demo-page/page.js` for its reader. */
async function modelScript(options: Parameters<typeof demoPage>[0]): Promise<Blob> {
  const { modelName, labels, preprocessing, model, samples } = options;
  const checks = samples.map(async ({ pixels, probabilities }) => ({
    pixels: await base64(new Blob([new Uint8Array(pixels)])),
    probabilities: Array.from(probabilities, sixDigits),
  }));
  const facts = {
    name: modelName,
    labels,
    preprocessing,
    tolerance: PARITY_TOLERANCE,
    checks: await Promise.all(checks),
    modelJson: model.modelJson,
    weights: [],
  };
  const lines = [`window.graftModel = ${JSON.stringify(facts)};\n`];
  const weights = new Blob([model.weightData]);
  for (let start = 0; start < weights.size; start += SLICE_BYTES) {
    const slice = await base64(weights.slice(start, start + SLICE_BYTES));
    lines.push(`graftModel.weights.push("${slice}");\n`);
  }
  return new Blob(lines, { type: 'text/javascript' });
}

/** By FileReader, which works off the page's thread. */
function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
