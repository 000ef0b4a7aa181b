import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createCaller } from '../../../src/rpc/caller.ts';
import type { Handlers, Port } from '../../../src/rpc/calls.ts';
import { RemoteError } from '../../../src/rpc/remote-error.ts';
import { serve } from '../../../src/rpc/serve.ts';

interface TestCalls {
  double: { input: number; event: never; output: number };
  fail: { input: { readonly code: string | null }; event: never; output: null };
  count: { input: { readonly bursts: readonly number[]; readonly gapMs: number }; event: number; output: number };
  untilStopped: { input: null; event: number; output: string };
  untilCancelled: { input: null; event: number; output: null };
  move: { input: ArrayBuffer; event: never; output: ArrayBuffer };
  uncloneable: { input: null; event: never; output: unknown };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let lastSignal: AbortSignal | null = null;

const HANDLERS: Handlers<TestCalls> = {
  double: async (input) => input * 2,
  fail: async ({ code }) => {
    throw code === null ? new TypeError('plain') : new RemoteError(code, 'with a code');
  },
  count: async ({ bursts, gapMs }, { emit }) => {
    let next = 0;
    for (const size of bursts) {
      for (let i = 0; i < size; i += 1) emit(next++);
      await wait(gapMs);
    }
    return next;
  },
  untilStopped: async (_input, { emit, stopRequested }) => {
    emit(0);
    while (!stopRequested()) await wait(1);
    return 'what there was';
  },
  untilCancelled: async (_input, { emit, signal }) => {
    lastSignal = signal;
    for (let i = 0; !signal.aborted; i += 1) {
      emit(i);
      await wait(1);
    }
    return null;
  },
  move: async (input, { transfer }) => {
    transfer(input);
    return input;
  },
  uncloneable: async () => () => 0,
};

const open: MessagePort[] = [];

/** Both ends of a channel, and every message that arrived at the calling end. */
function connect() {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const arrived: { kind: string; events?: readonly unknown[]; atMs: number }[] = [];
  port1.addEventListener('message', (event) => arrived.push({ ...event.data, atMs: performance.now() }));
  const caller = createCaller<TestCalls>(port1);
  const stopServing = serve<TestCalls>(port2, HANDLERS);
  port1.start();
  port2.start();
  return { caller, arrived, stopServing, port2 };
}

afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

describe('calls', () => {
  it('brings back each result to its own call', async () => {
    const { caller } = connect();
    const results = await Promise.all([1, 2, 3].map((value) => caller.call('double', value)));
    expect(results).toEqual([2, 4, 6]);
  });

  it('carries code, message and stack of a failure across', async () => {
    const { caller } = connect();
    const error = await caller.call('fail', { code: 'disk-full' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({ code: 'disk-full', message: 'with a code' });
    expect((error as RemoteError).stack).toContain('rpc.test.ts');
  });

  it('marks a failure without a code as internal', async () => {
    const { caller } = connect();
    await expect(caller.call('fail', { code: null })).rejects.toMatchObject({ code: 'internal', message: 'plain' });
  });

  it('refuses a method that the serving side does not have, also one that every object inherits', async () => {
    const { caller } = connect();
    const loose = caller as unknown as { call(method: string, input: unknown): Promise<unknown> };
    await expect(loose.call('toString', null)).rejects.toMatchObject({ code: 'unknown-method' });
  });

  it('rejects instead of hanging when an input or an output cannot be cloned', async () => {
    const { caller } = connect();
    const loose = caller as unknown as { call(method: string, input: unknown): Promise<unknown> };
    await expect(loose.call('double', () => 0)).rejects.toThrow();
    await expect(caller.call('uncloneable', null)).rejects.toThrow();
    await expect(caller.call('double', 4)).resolves.toBe(8);
  });

  it('moves buffers both ways instead of copying them', async () => {
    const { caller } = connect();
    const buffer = new ArrayBuffer(8);
    const back = await caller.call('move', buffer, { transfer: [buffer] });
    expect(buffer.byteLength).toBe(0);
    expect(back.byteLength).toBe(8);
  });

  it('answers a ping while a call runs', async () => {
    const { caller } = connect();
    const stop = new AbortController();
    const call = caller.call('untilStopped', null, { stopSignal: stop.signal });
    await caller.ping();
    stop.abort();
    await call;
  });
});

describe('events', () => {
  it('arrive all, in order and before the result, however they are spread over time', async () => {
    const burst = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(burst, fc.integer({ min: 0, max: 60 }), async (bursts, gapMs) => {
        const { caller } = connect();
        const seen: number[] = [];
        const total = await caller.call('count', { bursts, gapMs }, { onEvent: (event) => seen.push(event) });
        expect(seen).toEqual(Array.from({ length: total }, (_, index) => index));
      }),
      { numRuns: 12 },
    );
  });

  it('go out in few batches, not one by one', async () => {
    const { caller, arrived } = connect();
    await caller.call('count', { bursts: Array.from({ length: 60 }, () => 5), gapMs: 5 });
    const batches = arrived.filter((message) => message.kind === 'events');
    const span = (batches.at(-1)?.atMs ?? 0) - (batches[0]?.atMs ?? 0);
    expect(batches.length).toBeGreaterThan(1);
    // Ten a second, and one at the start.
    expect(batches.length).toBeLessThanOrEqual(2 + span / 90);
  });

  it('wait for the acknowledgement of the batch before', async () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    const batches: unknown[][] = [];
    port1.addEventListener('message', ({ data }) => data.kind === 'events' && batches.push(data.events));
    serve<TestCalls>(port2, HANDLERS);
    port1.start();
    port2.start();
    port1.postMessage({ kind: 'request', id: 1, method: 'untilCancelled', input: null });
    await wait(300);
    expect(batches.length).toBe(1);
    port1.postMessage({ kind: 'acknowledge', id: 1 });
    await wait(50);
    expect(batches.length).toBe(2);
    expect(batches[1]?.length).toBeGreaterThan(10);
    port1.postMessage({ kind: 'cancel', id: 1 });
  });

  it('do not keep the result back when a listener throws', async () => {
    const { caller } = connect();
    const errors: unknown[] = [];
    const keep = (error: unknown) => void errors.push(error);
    process.on('uncaughtException', keep);
    const call = caller.call('count', { bursts: [1], gapMs: 0 }, { onEvent: () => raise() });
    await expect(call).resolves.toBe(1);
    await wait(10);
    process.off('uncaughtException', keep);
    expect(String(errors[0])).toContain('listener');
  });
});

function raise(): never {
  throw new Error('listener');
}

describe('ending early', () => {
  it('stop asks the handler to finish and brings what it has', async () => {
    const { caller } = connect();
    const stop = new AbortController();
    const call = caller.call('untilStopped', null, { stopSignal: stop.signal, onEvent: () => stop.abort() });
    await expect(call).resolves.toBe('what there was');
  });

  it('a stop asked before the call counts too', async () => {
    const { caller } = connect();
    await expect(caller.call('untilStopped', null, { stopSignal: AbortSignal.abort() })).resolves.toBe(
      'what there was',
    );
  });

  it('cancel rejects at once, aborts the signal of the handler and ends the events', async () => {
    const { caller } = connect();
    const cancel = new AbortController();
    let eventCount = 0;
    const call = caller.call('untilCancelled', null, { signal: cancel.signal, onEvent: () => (eventCount += 1) });
    await wait(20);
    cancel.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    const countAtCancel = eventCount;
    await caller.ping();
    expect(lastSignal?.aborted).toBe(true);
    await wait(150);
    expect(eventCount).toBe(countAtCancel);
  });

  it('a call cancelled before it starts is never sent', async () => {
    const { caller, arrived } = connect();
    await expect(caller.call('double', 1, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    await caller.ping();
    expect(arrived.map((message) => message.kind)).toEqual(['pong']);
  });

  it('closing rejects what runs and what comes later with the same reason', async () => {
    const { caller } = connect();
    const running = caller.call('untilCancelled', null);
    caller.close(new RemoteError('device-lost', 'gone'));
    await expect(running).rejects.toMatchObject({ code: 'device-lost' });
    await expect(caller.call('double', 1)).rejects.toMatchObject({ code: 'device-lost' });
  });

  it('an end of serving aborts the handlers', async () => {
    const { caller, stopServing } = connect();
    void caller.call('untilCancelled', null).catch(() => null);
    await caller.ping();
    stopServing();
    expect(lastSignal?.aborted).toBe(true);
  });
});

describe('a port that fails', () => {
  /** A worker that only ever fires events at its listeners. */
  class DeadPort extends EventTarget implements Port {
    postMessage(): void {}
  }

  for (const type of ['error', 'messageerror']) {
    it(`rejects every call in flight when it reports ${type}`, async () => {
      const port = new DeadPort();
      const caller = createCaller<TestCalls>(port);
      const calls = [caller.call('double', 1), caller.call('double', 2)];
      port.dispatchEvent(new Event(type));
      for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'worker-crashed' });
      await expect(caller.call('double', 3)).rejects.toMatchObject({ code: 'worker-crashed' });
    });
  }
});
