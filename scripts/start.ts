import { parseArgs } from 'node:util';
import { preview } from 'vite';
import { buildWhenStale } from './build-when-stale.ts';
import { prepare } from './prepare.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  console.error(`--port takes a number from 1 to 65535, not "${values.port}".`);
  process.exit(1);
}

const root = process.cwd();
await prepare(root);
await buildWhenStale(root);
const server = await preview({ root, preview: { port, strictPort: false, host: 'localhost' }, logLevel: 'warn' });
console.log(`Graft is at ${server.resolvedUrls?.local[0] ?? `http://localhost:${port}/`}  (Ctrl+C ends it)`);
