import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import type { BrowserContext, Page } from 'playwright';
import { PlainHost } from './plain-host.ts';

/** TensorFlow.js and Teachable Machine's library as a page of somebody else includes them. */
const LIBRARIES = {
  'tf.min.js': '@tensorflow/tfjs/dist/tf.min.js',
  'tf-backend-wasm.min.js': '@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
  'tfjs-backend-wasm.wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  'teachablemachine-image.min.js': '@teachablemachine/image/dist/teachablemachine-image.min.js',
};

/** A host of its own with the libraries, where downloads are used as somebody else would. */
export class OtherPage {
  readonly #dir = mkdtempSync(join(tmpdir(), 'graft-other-page-'));
  readonly #host = new PlainHost(this.#dir);

  /** Lays a downloaded zip out as files. @param folder on the host; its root when left out. */
  async unpack(zipBase64: string, folder = ''): Promise<void> {
    const zip = new Blob([Buffer.from(zipBase64, 'base64')]);
    const reader = new ZipReader(new BlobReader(zip), { useWebWorkers: false });
    for (const entry of await reader.getEntries()) {
      if (entry.directory) continue;
      const path = join(this.#dir, folder, entry.filename);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await entry.getData(new Uint8ArrayWriter()));
    }
  }

  /** Serves the libraries, what was unpacked, and a page of this script behind them; opens that page. */
  async open(context: BrowserContext, script: string, moreScripts: readonly string[] = []): Promise<Page> {
    for (const [name, file] of Object.entries(LIBRARIES)) {
      copyFileSync(join('node_modules', file), join(this.#dir, name));
    }
    const sources = ['tf.min.js', 'tf-backend-wasm.min.js', 'teachablemachine-image.min.js', ...moreScripts];
    const tags = sources.map((source) => `<script src="${source}"></script>`).join('\n');
    writeFileSync(join(this.#dir, 'loader.html'), `<!doctype html>\n${tags}\n<script>${script}</script>`);
    await this.#host.listen();
    const page = await context.newPage();
    await page.goto(`${this.#host.url}loader.html`);
    return page;
  }

  close(): void {
    this.#host.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
