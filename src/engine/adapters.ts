/** A device as the browser names it. */
export interface AdapterFacts {
  readonly name: string;
  /** A processor pretending to be a GPU: 50 to 100 times slower than wasm on the same machine. */
  readonly software: boolean;
}

const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|warp\b/i;

/** True when a GPU's name is that of a software renderer. */
export function isSoftwareName(name: string): boolean {
  return SOFTWARE_NAMES.test(name);
}

/** @returns the adapter WebGPU would use, or null when there is none. */
export async function readWebgpuAdapter(): Promise<AdapterFacts | null> {
  if (!('gpu' in navigator)) return null;
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture, device].filter((part) => part !== '').join(' ');
  const software = isFallbackAdapter || isSoftwareName([vendor, architecture, device, description].join(' '));
  return { name, software };
}

/** @returns the renderer WebGL would use, or null when WebGL 2 does not start in a worker here. */
export function readWebglAdapter(): AdapterFacts | null {
  if (typeof OffscreenCanvas === 'undefined') return null;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (gl === null) return null;
  const extension = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(extension === null ? gl.RENDERER : extension.UNMASKED_RENDERER_WEBGL) ?? '');
  // Browsers allow only a few contexts at a time; this one is not needed any more.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { name, software: isSoftwareName(name) };
}
