/**
 * Starts every pair of long commands at random moments of each other, with the page's thread blocked now and then, and
 * checks that nothing computed by one backbone is kept under another's name, nothing is lost, and the state is true.
 *
 * A run has 500 pairs or more and a random seed, which it prints. To repeat one: `GRAFT_OVERLAP_SEED=<seed> npx vitest run
 * --project browser tests/browser/overlap`; a single pair of it: `GRAFT_OVERLAP_ONLY=<number>` beside it.
 */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { randomStream, shuffledIndices } from '../../../src/domain/random.ts';
import { clearEngineStorage, endEngine } from '../../helpers/browser/engine.ts';
import type { OverlapPlan } from '../../helpers/overlap-plan.ts';
import { LONG_COMMANDS } from './long-commands.ts';
import { makeTemplate } from './make-template.ts';
import { createEngineHost, type EngineHost } from './open-page.ts';
import { BACKBONE_IDS, wrongCachedFeatures } from './reference.ts';
import { runPair } from './run-pair.ts';
import type { Template } from './settled.ts';

interface Pair {
  readonly index: number;
  readonly names: readonly [string, string];
}

const { seed, only, pairCount }: OverlapPlan = inject('overlap');
/** Features are kept in half precision. */
const CACHE_TOLERANCE = 5e-3;

/** Every ordered pair once, then pairs drawn at random, as many as asked for. */
function drawPairs(): Pair[] {
  const names = LONG_COMMANDS.map(({ name }) => name);
  const all = names.flatMap((first) => names.map((second) => [first, second] as const));
  const order = shuffledIndices(all.length, randomStream(seed, 'order'));
  const chosen = Array.from({ length: Math.max(pairCount, 1) }, (_, index) => order[index % order.length] ?? 0);
  return chosen.map((at, index) => ({ index, names: all[at] ?? ['train', 'train'] }));
}

let host: EngineHost;
let template: Template;
const pageErrors: string[] = [];
const onError = (event: ErrorEvent) => pageErrors.push(`page error: ${event.message}`);
const onRejection = (event: PromiseRejectionEvent) => pageErrors.push(`unhandled rejection: ${String(event.reason)}`);

beforeAll(async () => {
  window.addEventListener('error', onError);
  window.addEventListener('unhandledrejection', onRejection);
  await clearEngineStorage();
  host = createEngineHost();
  template = await makeTemplate(host);
}, 120_000);

afterAll(() => {
  window.removeEventListener('error', onError);
  window.removeEventListener('unhandledrejection', onRejection);
  endEngine(host.client);
});

test('the three backbones answer unlike each other', () => {
  const [first] = template.newPictures;
  const lengths = BACKBONE_IDS.map((id) => template.features.get(id)?.get(first?.hash ?? '')?.length);
  expect(lengths).toEqual([8, 8, 12]);
  const outcomes = [...template.quiet.values()].map((quiet) => quiet.outcomes);
  expect(new Set(outcomes).size).toBeGreaterThan(3);
});

const pairs = drawPairs().filter(({ index }) => only === null || index === only);
const GROUP = 40;
const groups = Array.from({ length: Math.ceil(pairs.length / GROUP) }, (_, at) =>
  pairs.slice(at * GROUP, (at + 1) * GROUP),
);

test.each(groups.map((group, at) => [at * GROUP, group] as const))(
  'pairs of long commands keep every promise, from number %i on',
  async (_, group) => {
    const failures: string[] = [];
    for (const { index, names } of group) {
      const startedMs = performance.now();
      const { faults, story } = await runPair(host, template, names, seed, index);
      const all = [...faults, ...pageErrors.splice(0)];
      if (all.length === 0) continue;
      const ms = (performance.now() - startedMs).toFixed(0);
      failures.push(`pair ${index}: ${names.join(' + ')} (${ms} ms)\n  ${all.join('\n  ')}\n  [${story}]`);
      console.log(`GRAFT_OVERLAP_SEED=${seed} ${failures.at(-1)}`);
    }
    failures.push(...(await wrongCachedFeatures(template.features, CACHE_TOLERANCE)));
    expect(failures, `GRAFT_OVERLAP_SEED=${seed}`).toEqual([]);
  },
  600_000,
);
