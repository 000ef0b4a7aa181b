import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReadingWatch } from '../../../src/engine/reading-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const SMALL_BYTES = 100_000;

function watchOf(fileBytes: number) {
  const giveUp = vi.fn();
  return { watch: new ReadingWatch(fileBytes, giveUp), giveUp };
}

describe('a file being read', () => {
  it('is given up, once, after a second without a sign', () => {
    const { watch, giveUp } = watchOf(SMALL_BYTES);
    watch.gotOn();
    vi.advanceTimersByTime(700);
    expect(giveUp).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(giveUp).toHaveBeenCalledOnce();
  });

  it('is left alone while signs come, but not for ever', () => {
    const { watch, giveUp } = watchOf(SMALL_BYTES);
    for (let atMs = 0; atMs < 4500; atMs += 500) {
      watch.gotOn();
      vi.advanceTimersByTime(500);
    }
    expect(giveUp).not.toHaveBeenCalled();
    watch.gotOn();
    vi.advanceTimersByTime(700);
    expect(giveUp).toHaveBeenCalledOnce();
  });

  it('is given longer when it is large: one of 400 MB four seconds of silence', () => {
    const { watch, giveUp } = watchOf(400e6);
    watch.gotOn();
    vi.advanceTimersByTime(4500);
    expect(giveUp).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(giveUp).toHaveBeenCalledOnce();
  });

  it('is not watched before the first sign, nor after the end', () => {
    const { watch, giveUp } = watchOf(SMALL_BYTES);
    vi.advanceTimersByTime(10_000);
    watch.gotOn();
    watch.end();
    vi.advanceTimersByTime(10_000);
    expect(giveUp).not.toHaveBeenCalled();
  });
});
