/**
 * The only door to `@tensorflow/*` (`tf-reference.ts` is the second, opened on demand): core operations and the four
 * backends. No gradients and no chained methods are registered: the engine writes its own backward pass.
 */
import '@tensorflow/tfjs-backend-cpu';

export { type BackendWasm, getThreadsCount, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
export { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
export { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
export * from '@tensorflow/tfjs-core';
