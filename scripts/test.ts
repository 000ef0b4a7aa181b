import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { buildWhenStale } from './build-when-stale.ts';
import { ensureChromium } from './chromium.ts';
import { prepare } from './prepare.ts';

/**
 * Runs every check, prints a line for each, and closes with `N passed, N failed`. Tests in the browser leave a good part of two
 * processors idle, so whatever needs no browser runs beside them; the journeys have the machine to themselves. `--no-e2e` leaves
 * the journeys out.
 */
const root = process.cwd();
const withJourneys = !process.argv.includes('--no-e2e');
const reportDir = '.graft/reports';
const bin = (name: string) => `node_modules/.bin/${name}`;
let passed = 0;
let failed = 0;
let skipped = 0;

function record(name: string, ok: boolean, startedMs: number): void {
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
}

interface Command {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
}

/** Text is shown as it comes, or only when the command has ended, so that several at a time can be told apart. */
type Speech = 'at once' | 'at the end';

/** @returns whether the command ended well. */
function run({ file, args }: Omit<Command, 'name'>, speech: Speech): Promise<boolean> {
  const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(file, [...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...colours },
  });
  const said: Buffer[] = [];
  const say = (text: Buffer) => void (speech === 'at once' ? process.stdout.write(text) : said.push(text));
  child.stdout.on('data', say);
  child.stderr.on('data', say);
  return new Promise((resolve) => {
    const end = (ok: boolean) => {
      process.stdout.write(Buffer.concat(said));
      resolve(ok);
    };
    child.on('error', ({ message }) => {
      console.error(message);
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

async function command(wanted: Command): Promise<void> {
  const startedMs = Date.now();
  record(wanted.name, await run(wanted, 'at the end'), startedMs);
}

/** Ends when all have ended; as many at a time as there are processors but one. */
async function beside(checks: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...checks];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism() - 1) }, work));
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
}

async function vitest(project: string, speech: Speech = 'at once'): Promise<void> {
  const startedMs = Date.now();
  const file = `${reportDir}/${project}.json`;
  rmSync(file, { force: true });
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const ok = await run({ file: bin('vitest'), args }, speech);
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as VitestReport) : null;
  const ran = report === null ? 0 : report.numPassedTests + report.numFailedTests;
  passed += report?.numPassedTests ?? 0;
  failed += report?.numFailedTests ?? 0;
  skipped += report?.numPendingTests ?? 0;
  record(`${project} tests: ${ran} ran`, ok && ran > 0, startedMs);
}

async function step(name: string, work: () => Promise<unknown> | unknown): Promise<void> {
  const startedMs = Date.now();
  try {
    await work();
    record(name, true, startedMs);
  } catch (error) {
    console.error(error);
    record(name, false, startedMs);
  }
}

mkdirSync(reportDir, { recursive: true });
await step('Chromium is here', ensureChromium);
await step('bundled backbone and samples are prepared', () => prepare(root));
const sourceChecks: readonly Command[] = [
  // The slowest first, so that none is left alone at the end.
  ...['browser-tests', 'page', 'node', 'worker', 'core'].map((thread) => ({
    name: `types: ${thread}`,
    file: bin('tsc'),
    args: ['-p', `tsconfig/${thread}.json`],
  })),
  { name: 'format and lint', file: bin('biome'), args: ['ci', '.'] },
  { name: 'dependency rules', file: bin('depcruise'), args: ['src', '--config', '.dependency-cruiser.cjs'] },
  { name: 'dead code', file: bin('knip'), args: [] },
];
await Promise.all([
  vitest('browser'),
  beside([...sourceChecks.map((check) => () => command(check)), () => vitest('unit', 'at the end')]),
]);
await step('build', () => buildWhenStale(root));
await command({ name: 'size', file: bin('size-limit'), args: [] });
if (withJourneys) await vitest('e2e');

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 ? 1 : 0);
