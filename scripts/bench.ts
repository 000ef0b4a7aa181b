import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** `npm run bench <name> [...args]`: runs `bench/<name>.ts`, which exports `run(args)` and prints its table. */
const [name, ...args] = process.argv.slice(2);
const names = readdirSync('bench')
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));

if (name === undefined || !existsSync(`bench/${name}.bench.ts`)) {
  console.log(`npm run bench <name>, where <name> is one of: ${names.join(', ')}`);
  process.exit(name === undefined ? 0 : 1);
}
const bench = (await import(pathToFileURL(`bench/${name}.bench.ts`).href)) as { run(args: string[]): Promise<void> };
await bench.run(args);
process.exit(0);
