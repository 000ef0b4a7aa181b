import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { withBuiltPage } from './helpers/built-page.ts';
import { type HostileFile, hostileImports, hostileNetworks } from './helpers/hostile-files.ts';
import { watchPeakMemory } from './helpers/peak-memory.ts';

const INPUT_ID = 'bench-hostile';

interface Refusal {
  readonly ms: number;
  readonly why: string;
}

/** Has the page's input hold the file, which stays on disk as a dropped one does. @returns its folder. */
async function give(page: Page, { name, bytes }: HostileFile): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'graft-hostile-'));
  writeFileSync(join(folder, name), bytes);
  await page.setInputFiles(`#${INPUT_ID}`, join(folder, name));
  return folder;
}

function bringNetwork(page: Page): Promise<Refusal> {
  return page.evaluate(async (id) => {
    const input = document.querySelector<HTMLInputElement>(`#${id}`);
    const startedMs = performance.now();
    const why = await graft.addBackbone([...(input?.files ?? [])]).then(
      () => 'taken',
      (error: unknown) => String(error),
    );
    return { ms: performance.now() - startedMs, why };
  }, INPUT_ID);
}

function importFile(page: Page): Promise<Refusal> {
  return page.evaluate(async (id) => {
    const input = document.querySelector<HTMLInputElement>(`#${id}`);
    const startedMs = performance.now();
    const { rejected, addedCount } = await graft.importFiles([...(input?.files ?? [])]);
    const why = rejected[0]?.reason ?? (addedCount > 0 ? 'taken' : 'nothing in it');
    return { ms: performance.now() - startedMs, why };
  }, INPUT_ID);
}

async function measure(page: Page, file: HostileFile, refuse: (page: Page) => Promise<Refusal>): Promise<void> {
  const folder = await give(page, file);
  const peak = watchPeakMemory();
  const { ms, why } = await refuse(page);
  const grownMegabytes = peak();
  rmSync(folder, { recursive: true });
  const memory = grownMegabytes === null ? 'not measured' : `${grownMegabytes.toFixed(0)} MB`;
  const ending = file.name.slice(file.name.lastIndexOf('.'));
  const size = (file.bytes.length / 1e6).toFixed(2);
  console.log(
    `${ending.padEnd(13)}${file.what.padEnd(34)}${size.padStart(7)} MB  ${Math.round(ms).toString().padStart(5)} ms  ${memory.padStart(8)}  ${why.slice(0, 90)}`,
  );
}

/**
 * `npm run bench hostile`: files made to harm, of every format, given to the built page one by one. Prints how long each
 * takes until it is refused and by how much the page's processes grow meanwhile at most, the file's own bytes included.
 */
export async function run(): Promise<void> {
  await withBuiltPage({ backend: 'wasm', backbonesDir: null }, async (page) => {
    await page.evaluate((id) => {
      const input = document.createElement('input');
      input.type = 'file';
      input.id = id;
      document.body.append(input);
    }, INPUT_ID);
    for (const file of hostileNetworks()) await measure(page, file, bringNetwork);
    for (const file of await hostileImports()) await measure(page, file, importFile);
  });
}
