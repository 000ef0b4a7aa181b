/**
 * The only door to `@tensorflow/*`. The cpu and webgl backends come with the union package; wasm and webgpu register here.
 * `@tensorflow/tfjs-backend-wasm` needs `setWasmPaths` before its first use, see `backend.ts`.
 */
export * from '@tensorflow/tfjs-core';
