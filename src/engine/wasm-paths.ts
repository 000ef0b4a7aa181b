import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from './tf.ts';

/** Absolute, because the threads of the wasm backend start from blob addresses, against which nothing resolves. */
const absolute = (url: string) => new URL(url, import.meta.url).href;

/** Tells tfjs where its three binaries are; needed once before the wasm backend starts. */
export function installWasmPaths(): void {
  tf.setWasmPaths({
    'tfjs-backend-wasm.wasm': absolute(plainUrl),
    'tfjs-backend-wasm-simd.wasm': absolute(simdUrl),
    'tfjs-backend-wasm-threaded-simd.wasm': absolute(threadedUrl),
  });
}
