import { createServer } from 'vite';
import { prepare } from './prepare.ts';

const root = process.cwd();
await prepare(root);
const server = await createServer({ root });
await server.listen();
server.printUrls();
