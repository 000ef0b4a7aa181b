import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Heartbeat } from '../../../src/engine-client/heartbeat.ts';

const TICK_MS = 1000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A heartbeat on a worker that answers pings when the test says so. */
function connect() {
  const onHung = vi.fn();
  const answers: (() => void)[] = [];
  const ping = () => new Promise<void>((resolve) => answers.push(resolve));
  const heartbeat = new Heartbeat({ ping, onHung, tickMs: TICK_MS });
  const answer = async () => {
    for (const resolve of answers.splice(0)) resolve();
    heartbeat.heard();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { heartbeat, onHung, answer };
}

/** So many ticks, and what they let in before they count. */
const ticks = (count: number) => vi.advanceTimersByTimeAsync(count * (TICK_MS + 1) + 1);

const endless = () => new Promise<never>(() => {});

it('counts a worker as hung after ten silent ticks of a cancel', async () => {
  const { heartbeat, onHung } = connect();
  heartbeat.cancelled();
  await ticks(9);
  expect(onHung).not.toHaveBeenCalled();
  await ticks(1);
  expect(onHung).toHaveBeenCalledTimes(1);
});

it('takes whatever comes from a worker as a sign of life after a cancel', async () => {
  const { heartbeat, onHung } = connect();
  heartbeat.cancelled();
  for (let count = 0; count < 30; count += 1) {
    await ticks(4);
    heartbeat.heard();
  }
  expect(onHung).not.toHaveBeenCalled();
  await ticks(10);
  expect(onHung).toHaveBeenCalledTimes(1);
});

it('rests once the worker has heard the cancel', async () => {
  const { heartbeat, onHung, answer } = connect();
  heartbeat.cancelled();
  await ticks(5);
  await answer();
  expect(vi.getTimerCount()).toBe(0);
  await ticks(500);
  expect(onHung).not.toHaveBeenCalled();
});

it('lets in what waits behind a late tick before it counts', async () => {
  const { heartbeat, onHung } = connect();
  heartbeat.cancelled();
  await ticks(9);
  // The page's thread is held up: tick and message are both due when it is free, the tick first.
  vi.advanceTimersToNextTimer();
  setTimeout(() => heartbeat.heard());
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  await ticks(9);
  expect(onHung).not.toHaveBeenCalled();
});

it('bears two minutes of silence at work', async () => {
  const { heartbeat, onHung } = connect();
  void heartbeat.during(endless());
  await ticks(119);
  expect(onHung).not.toHaveBeenCalled();
  await ticks(1);
  expect(onHung).toHaveBeenCalledTimes(1);
});

it('leaves a worker alone that answers pings at work', async () => {
  const { heartbeat, onHung, answer } = connect();
  void heartbeat.during(endless());
  for (let count = 0; count < 30; count += 1) {
    await ticks(100);
    await answer();
  }
  expect(onHung).not.toHaveBeenCalled();
});

it('bears twice the longest silence it has seen end', async () => {
  const { heartbeat, onHung } = connect();
  void heartbeat.during(endless());
  await ticks(20);
  heartbeat.heard();
  heartbeat.cancelled();
  await ticks(39);
  expect(onHung).not.toHaveBeenCalled();
  await ticks(1);
  expect(onHung).toHaveBeenCalledTimes(1);
});

it('an idle worker is not watched', async () => {
  const { heartbeat } = connect();
  await heartbeat.during(Promise.resolve());
  expect(vi.getTimerCount()).toBe(0);
});

it('tells when all cancels have been heard', async () => {
  const { heartbeat, answer } = connect();
  await heartbeat.allCancelsHeard();
  heartbeat.cancelled();
  let isHeard = false;
  void heartbeat.allCancelsHeard().then(() => {
    isHeard = true;
  });
  await ticks(2);
  heartbeat.heard();
  await ticks(1);
  expect(isHeard).toBe(false);
  await answer();
  expect(isHeard).toBe(true);
});
