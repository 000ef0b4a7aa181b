import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** A host that sends no special headers and serves one folder of files under `path`; it can be unplugged. */
export class PlainHost {
  plugged = true;
  /** `Range` headers it was sent. */
  readonly ranges: string[] = [];
  readonly #server: Server;

  /** @param path begins and ends with `/`. */
  constructor(
    private readonly dir: string,
    private readonly path = '/',
  ) {
    this.#server = createServer((request, response) => {
      if (!this.plugged) return void request.socket.destroy();
      if (request.headers.range !== undefined) this.ranges.push(request.headers.range);
      const address = new URL(request.url ?? '/', 'http://localhost').pathname.replace(this.path, '');
      const file = join(this.dir, address === '' ? 'index.html' : address);
      if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
      response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
      response.end(readFileSync(file));
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://localhost:${port}${this.path}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
