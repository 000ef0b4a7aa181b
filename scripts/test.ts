import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { buildWhenStale } from './build-when-stale.ts';
import { ensureChromium } from './chromium.ts';
import { prepare } from './prepare.ts';

/** Runs every check in turn, prints a line for each, and closes with `N passed, N failed`. `--no-e2e` leaves the journeys out. */
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

function command(name: string, file: string, args: readonly string[]): void {
  const startedMs = Date.now();
  const result = spawnSync(file, args, { stdio: 'inherit', cwd: root });
  record(name, result.status === 0, startedMs);
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
command('format and lint', bin('biome'), ['ci', '.']);
for (const thread of ['core', 'worker', 'page', 'node', 'browser-tests']) {
  command(`types: ${thread}`, bin('tsc'), ['-p', `tsconfig/${thread}.json`]);
}
command('dependency rules', bin('depcruise'), ['src', '--config', '.dependency-cruiser.cjs']);
command('dead code', bin('knip'), []);
vitest('unit');
vitest('browser');
await step('build', () => buildWhenStale(root));
command('size', bin('size-limit'), []);
if (withJourneys) vitest('e2e');

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 ? 1 : 0);
