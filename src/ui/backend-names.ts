/** What the engine's backends are called on the page. */
const NAMES: Readonly<Record<string, string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
};

/** @returns the page's name of a backend, or its own id when it is a new one. */
export function backendName(backend: string): string {
  return NAMES[backend] ?? backend;
}
