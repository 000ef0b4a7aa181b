import { type RandomStream, randomStream } from '../../../src/domain/random.ts';
import { blockThread, nextTurn, sleep, within } from './blocked-thread.ts';
import { pasteDatabase, readStored } from './databases.ts';
import { answerFaults, backboneFaults, claimFaults, engineFaults, stateFaults, undoFaults } from './invariants.ts';
import { type Claim, type Scene, start } from './long-commands.ts';
import { relabelFirstImage } from './make-template.ts';
import { type EngineHost, type OpenPage, openPage } from './open-page.ts';
import { type Settled, type Template, whatStillRuns } from './settled.ts';

const LONGEST_IDLE_MS = 300;
/** The second command starts by then, whatever it waits for. */
const LATEST_START_MS = 400;
const MOST_ANSWERS = 12;
const MOST_CHANGES = 8;
const MOST_TURNS = 8;
const LONGEST_BLOCK_MS = 500;
const LONGEST_ANSWER_BLOCK_MS = 60;
const LONGEST_DISK_MS = 40;

/** After the first command: so long, so many turns of the page's thread, answers of the engine, or changes of the state. */
interface Moment {
  readonly kind: 'ms' | 'turns' | 'answers' | 'changes';
  readonly count: number;
}

/** When the second command starts, and when the page's thread is blocked. */
interface Timing {
  readonly moment: Moment;
  readonly blockMs: number;
  readonly blockAfterMs: number;
  /** Share of the engine's answers that find the thread blocked. */
  readonly answerBlockShare: number;
  /** A call of storage takes up to twice as long. */
  readonly diskMs: number;
}

export interface PairOutcome {
  readonly faults: readonly string[];
  /** How it came about, for whoever looks for the reason. */
  readonly story: string;
}

function drawMoment(random: RandomStream): Moment {
  switch (random.below(4)) {
    case 0:
      return { kind: 'ms', count: Math.round(random.uniform() ** 2 * LONGEST_IDLE_MS) };
    case 1:
      return { kind: 'turns', count: random.below(MOST_TURNS) };
    case 2:
      return { kind: 'answers', count: 1 + random.below(MOST_ANSWERS) };
    default:
      return { kind: 'changes', count: 1 + random.below(MOST_CHANGES) };
  }
}

/** Short ones are more likely: most of what goes wrong does so near the start of the first command, or at its end. */
function drawTiming(random: RandomStream): Timing {
  const share = (likely: number) => (random.uniform() < likely ? random.uniform() ** 2 : 0);
  return {
    moment: drawMoment(random),
    blockMs: share(0.6) * LONGEST_BLOCK_MS,
    blockAfterMs: share(0.3) * LONGEST_BLOCK_MS,
    answerBlockShare: share(0.5),
    diskMs: share(0.4) * LONGEST_DISK_MS,
  };
}

/** Runs two commands beside each other on a page of their own, and looks at everything once nothing runs any more. */
export async function runPair(
  host: EngineHost,
  template: Template,
  [firstName, secondName]: readonly [string, string],
  seed: number,
  index: number,
): Promise<PairOutcome> {
  const random = randomStream(seed, `pair ${index}`);
  const timing = drawTiming(random);
  const page = await openPage(host, await pasteDatabase(template.database));
  const { restartCount } = host;
  try {
    await relabelFirstImage(page);
    if (random.uniform() < 0.5) await forgetFeatures(host, template);
    const claims = await overlap(host, { page, random, template }, [firstName, secondName], timing);
    const stillRuns = (await whatStillRuns(page)).map((what) => `still running: ${what}`);
    const faults = stillRuns.length > 0 ? stillRuns : await lookAtAll(host, page, template, claims);
    if (host.restartCount > restartCount) faults.push('the engine was ended and started anew');
    return { faults, story: storyOf(timing, claims, page) };
  } finally {
    await page.close();
    indexedDB.deleteDatabase(page.databaseName);
  }
}

/** Half of the pairs compute features anew, else only the first ever would. */
async function forgetFeatures(host: EngineHost, { features }: Template): Promise<void> {
  const hashes = [...features.values()].flatMap((byHash) => [...byHash.keys()]);
  await host.client.call('forgetFeatures', { hashes: [...new Set(hashes)] });
}

async function overlap(
  host: EngineHost,
  scene: Omit<Scene, 'isFollowedBy'>,
  [firstName, secondName]: readonly [string, string],
  { moment, blockMs, blockAfterMs, answerBlockShare, diskMs }: Timing,
): Promise<Claim[]> {
  const { random, page } = scene;
  const answers = randomStream(random.uint32(), 'answers');
  const disk = randomStream(random.uint32(), 'disk');
  page.slowness.delayMs = () => disk.uniform() * diskMs;
  let onAnswer = () => {};
  host.beforeAnswer = () => {
    onAnswer();
    if (answers.uniform() < answerBlockShare) blockThread(answers.uniform() ** 2 * LONGEST_ANSWER_BLOCK_MS);
  };
  const come = whenCome(page, moment, (listener) => {
    onAnswer = listener;
  });
  const first = start(firstName, {
    ...scene,
    random: randomStream(random.uint32(), 'first'),
    isFollowedBy: secondName,
  });
  await come;
  blockThread(blockMs);
  const second = start(secondName, {
    ...scene,
    random: randomStream(random.uint32(), 'second'),
    isFollowedBy: null,
  });
  blockThread(blockAfterMs);
  const claims = await Promise.all([first, second]);
  host.beforeAnswer = () => undefined;
  page.slowness.delayMs = () => 0;
  return claims;
}

/** Resolves at the moment. What follows an answer begins before the page hears of it, as a click that was there first. */
async function whenCome(
  { ctx }: OpenPage,
  { kind, count }: Moment,
  followAnswers: (listener: () => void) => void,
): Promise<void> {
  if (kind === 'ms') return await sleep(count);
  if (kind === 'turns') {
    for (let turn = 0; turn < count; turn += 1) await nextTurn();
    return;
  }
  const counted = new Promise<void>((resolve) => {
    let left = count;
    const countDown = () => {
      left -= 1;
      if (left === 0) resolve();
    };
    if (kind === 'answers') followAnswers(countDown);
    else ctx.store.subscribe(countDown);
  });
  await within(LATEST_START_MS, counted, undefined);
  // Between two changes of the state there may be no turn of the thread, and nobody clicks within one.
  if (kind === 'changes') await nextTurn();
}

async function lookAtAll(
  host: EngineHost,
  page: OpenPage,
  template: Template,
  claims: readonly Claim[],
): Promise<string[]> {
  const { ctx, databaseName } = page;
  const look = async (): Promise<Settled> => ({
    state: ctx.store.getState(),
    stored: await readStored(databaseName),
    hashes: page.hashes,
  });
  const settled = await look();
  const faults = [
    ...claimFaults(settled, claims, template),
    ...backboneFaults(settled, template),
    ...stateFaults(settled),
    ...(await answerFaults(page, settled)),
    ...(await engineFaults(host, page, template)),
    ...(await undoFaults(page, page.openedDataset())),
  ];
  await page.close();
  return [...faults, ...(await reloadFaults(host, template, page))];
}

/** A reload shows what was shown, and the run in use answers as before. */
async function reloadFaults(host: EngineHost, template: Template, before: OpenPage): Promise<string[]> {
  const page = await openPage(host, before.databaseName);
  const stillRuns = await whatStillRuns(page);
  const [was, is] = [before, page].map(({ ctx }) => ctx.store.getState().project);
  const stored = await readStored(before.databaseName);
  const settled = { state: page.ctx.store.getState(), stored, hashes: page.hashes };
  const faults = [
    ...stillRuns.map((what) => `still running: ${what}`),
    ...(was?.id === is?.id ? [] : ['another project is open']),
    ...stateFaults(settled),
    ...(await answerFaults(page, settled)),
    ...(await engineFaults(host, page, template)),
  ];
  await page.close();
  return faults.map((fault) => `after a reload: ${fault}`);
}

function storyOf(
  { moment, blockMs, blockAfterMs, answerBlockShare, diskMs }: Timing,
  claims: readonly Claim[],
  page: OpenPage,
) {
  const times = `after ${moment.count} ${moment.kind}, blocked ${blockMs.toFixed(0)} + ${blockAfterMs.toFixed(0)} ms, answers ${answerBlockShare.toFixed(2)}, disk ${diskMs.toFixed(0)} ms`;
  const ends = claims.map(({ name, said, words }) => `${name} ${said}${words === '' ? '' : ` “${words}”`}`);
  return [times, ...ends, ...page.told.map((told) => `message: ${told}`)].join('; ');
}
