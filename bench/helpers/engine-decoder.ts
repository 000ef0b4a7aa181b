import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'vite';
import { launchChromium } from './launch-chromium.ts';

/** What the built script leaves in the page: the module `src/engine/decode.ts`. */
interface EngineDecoder {
  decodePixels(blob: Blob, side: number, mode: 'crop'): Promise<Uint8Array<ArrayBuffer>>;
}

declare global {
  var engineDecoder: EngineDecoder;
}

/** Decodes photos with the engine's own code in a real Chromium. */
export interface PhotoDecoder {
  /** @returns the centre square of each photo as the engine cuts it, uint8 [side, side, 3] RGB. */
  decode(photos: readonly Buffer[], side: number): Promise<Uint8Array[]>;
  close(): Promise<void>;
}

/** Opens its browser when the first photos come. The caller closes it. */
export function photoDecoder(): PhotoDecoder {
  let opened: Promise<PhotoDecoder> | null = null;
  return {
    decode: async (photos, side) => {
      opened ??= openPhotoDecoder();
      return (await opened).decode(photos, side);
    },
    close: async () => (await opened)?.close(),
  };
}

/** Opens a page with the engine's decoder in it. Photos and pixels travel over HTTP, as bytes. */
async function openPhotoDecoder(): Promise<PhotoDecoder> {
  const script = await bundledDecoder();
  let given: readonly Buffer[] = [];
  let taken: Uint8Array[] = [];
  const server = createServer(async (request, response) => {
    const index = Number(request.url?.slice(1));
    if (request.method === 'POST') taken[index] = await bodyOf(request);
    response.end(request.method === 'GET' && request.url !== '/' ? given[index] : '');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const browser = await launchChromium();
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  await page.addScriptTag({ content: script });
  return {
    decode: async (photos, side) => {
      [given, taken] = [photos, []];
      await page.evaluate(
        async ([count, wanted]) => {
          for (let index = 0; index < count; index++) {
            const photo = await (await fetch(`/${index}`)).blob();
            const body = await engineDecoder.decodePixels(photo, wanted, 'crop');
            await fetch(`/${index}`, { method: 'POST', body });
          }
        },
        [photos.length, side] as const,
      );
      return taken;
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function bundledDecoder(): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: resolve('src/engine/decode.ts'), formats: ['iife'], name: 'engineDecoder' },
    },
  });
  const [bundle] = Array.isArray(built) ? built : [];
  const chunk = bundle?.output[0];
  if (chunk?.type !== 'chunk') throw new Error('the decoder was not built');
  return chunk.code;
}
