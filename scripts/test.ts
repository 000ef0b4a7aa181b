import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { buildWhenStale } from './build-when-stale.ts';
import { ensureChromium } from './chromium.ts';
import { prepare } from './prepare.ts';

/**
 * Runs every check, prints a line for each, and closes with `N passed, N failed`. Checks that only read the sources run side by
 * side; tests run one kind after another, because each wants the whole machine. `--no-e2e` leaves the journeys out.
 */
const root = process.cwd();
const withJourneys = !process.argv.includes('--no-e2e');
const reportDir = '.graft/reports';
const MOST_OUTPUT_BYTES = 64 * 2 ** 20;
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

/** Prints what it said only when it has ended, so that two at a time can be told apart. */
function command({ name, file, args }: Command): Promise<void> {
  const startedMs = Date.now();
  return new Promise((resolve) => {
    execFile(file, [...args], { cwd: root, maxBuffer: MOST_OUTPUT_BYTES }, (error, stdout, stderr) => {
      const said = stdout + stderr;
      process.stdout.write(said === '' && error !== null ? `${error.message}\n` : said);
      record(name, error === null, startedMs);
      resolve();
    });
  });
}

/** Runs commands, as many at a time as there are processors. */
async function commands(list: readonly Command[]): Promise<void> {
  const waiting = [...list];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await command(next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
}

function vitest(project: string): void {
  const startedMs = Date.now();
  const file = `${reportDir}/${project}.json`;
  rmSync(file, { force: true });
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const result = spawnSync(bin('vitest'), args, { stdio: 'inherit', cwd: root });
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as VitestReport) : null;
  const ran = report === null ? 0 : report.numPassedTests + report.numFailedTests;
  passed += report?.numPassedTests ?? 0;
  failed += report?.numFailedTests ?? 0;
  skipped += report?.numPendingTests ?? 0;
  record(`${project} tests: ${ran} ran`, result.status === 0 && ran > 0, startedMs);
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
await commands([
  // The slowest first, so that none is left alone at the end.
  ...['browser-tests', 'page', 'node', 'worker', 'core'].map((thread) => ({
    name: `types: ${thread}`,
    file: bin('tsc'),
    args: ['-p', `tsconfig/${thread}.json`],
  })),
  { name: 'format and lint', file: bin('biome'), args: ['ci', '.'] },
  { name: 'dependency rules', file: bin('depcruise'), args: ['src', '--config', '.dependency-cruiser.cjs'] },
  { name: 'dead code', file: bin('knip'), args: [] },
]);
vitest('unit');
vitest('browser');
await step('build', () => buildWhenStale(root));
await command({ name: 'size', file: bin('size-limit'), args: [] });
if (withJourneys) vitest('e2e');

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 ? 1 : 0);
