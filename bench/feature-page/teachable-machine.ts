import { createTeachable, type TeachableMobileNet } from '@teachablemachine/image';
import { cropTo } from '@teachablemachine/image/dist/utils/canvas';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { installWasmPaths } from '../../src/engine/wasm-paths.ts';

/** Teachable Machine's own library: its model, its crop, one image a call; on wasm with one thread. */
export interface TeachableMachine {
  /** File to feature. @returns the features of each and the time of an image, ms. */
  run(files: readonly Blob[]): Promise<{ readonly features: Float32Array; readonly imageMs: number }>;
}

/** @param modelUrl a layers model. @param featureLayer the layer before the average over space. */
export async function startTeachableMachine(
  backend: string,
  modelUrl: string,
  featureLayer: string,
): Promise<TeachableMachine> {
  installWasmPaths();
  // It computes in the page's own thread, where threads of wasm would wait for a page that waits for them.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await tf.setBackend(backend);
  await tf.ready();
  if (tf.getBackend() !== backend) throw new Error(`${backend} does not start`);
  const options = { checkpointUrl: modelUrl, trainingLayer: featureLayer };
  const teachable = await createTeachable({}, options);
  teachable.setLabels(['all']);
  return { run: (files) => addAll(teachable, files) };
}

async function addAll(teachable: TeachableMobileNet, files: readonly Blob[]) {
  teachable.examples = [[]];
  const startMs = performance.now();
  for (const file of files) {
    const image = new Image();
    image.src = URL.createObjectURL(file);
    await image.decode();
    await teachable.addExample(0, cropTo(image, 224, false));
    URL.revokeObjectURL(image.src);
  }
  const imageMs = (performance.now() - startMs) / files.length;
  const rows = teachable.examples[0] ?? [];
  const features = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  rows.forEach((row, index) => {
    features.set(row, index * row.length);
  });
  return { features, imageMs };
}
