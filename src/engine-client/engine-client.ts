import { type BackboneEntry, type BackboneRef, backboneRef, isSameBackbone } from '../domain/backbone.ts';
import type { DeviceReport, EngineCalls } from '../engine/contract.ts';
import { abortError } from '../rpc/abort-error.ts';
import { createCaller, type PortCaller } from '../rpc/caller.ts';
import type { Caller, CallOptions, Port } from '../rpc/calls.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { Heartbeat } from './heartbeat.ts';
import { RestartPolicy, type StartInput } from './restart-policy.ts';

/** The part of a Worker that the client needs. */
export interface EngineWorker extends Port {
  terminate(): void;
}

/** How the engine is, for the page. */
export type EngineStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly device: DeviceReport }
  | { readonly kind: 'restarting'; readonly reason: string }
  | { readonly kind: 'failed'; readonly message: string };

export interface EngineClientOptions {
  /** Starts a fresh worker; called again after each crash. */
  readonly createWorker: () => EngineWorker;
  readonly onState: (status: EngineStatus) => void;
  /** What silence of the worker is counted in: ten after a cancel, or 120 at work, and it counts as hung. A second when absent. */
  readonly tickMs?: number;
}

/** The engine as the page sees it: calls wait while it starts or restarts. */
export interface EngineClient extends Caller<EngineCalls> {
  /** Ends the worker at once and starts another; calls in flight reject with 'worker-crashed'. */
  kill(): void;
}

/** A backbone as it can be loaded again. */
interface KnownBackbone {
  readonly entry: BackboneEntry;
  readonly ref: BackboneRef;
}

/** One life of the worker. */
interface Life {
  readonly worker: EngineWorker;
  readonly caller: PortCaller<EngineCalls>;
  readonly heartbeat: Heartbeat;
  /** Aborts once the life has ended. */
  readonly ended: AbortController;
  device: DeviceReport | null;
}

/** Lives that end before they are ready, one after the other, before the client gives up. */
const STILLBORN_LIMIT = 3;
const FATAL_CODES: readonly string[] = ['worker-crashed', 'device-lost'];

const isFatal = (error: unknown): error is RemoteError =>
  error instanceof RemoteError && FATAL_CODES.includes(error.code);
const toError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

/** Rejects at once when `signal` aborts, whatever becomes of the work. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) return Promise.reject(abortError());
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError());
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

type Input<K extends keyof EngineCalls> = EngineCalls[K]['input'];
type Output<K extends keyof EngineCalls> = EngineCalls[K]['output'];

class Client implements EngineClient {
  private readonly policy = new RestartPolicy();
  private life: Life | null = null;
  private startInput: StartInput | null = null;
  /** The latest that was prepared; a new life does not have it. */
  private prepared: KnownBackbone | null = null;
  /** What the page believes to be active, and a new life gets. */
  private activated: KnownBackbone | null = null;
  private stillbornCount = 0;
  private closedBy: Error | null = null;
  /** The life that calls go to; replaced with every start, pending until the first. */
  private ready: Promise<Life>;
  private beginWaiting: (first: Promise<Life>) => void = () => {};

  constructor(private readonly options: EngineClientOptions) {
    this.ready = new Promise((resolve) => {
      this.beginWaiting = resolve;
    });
    this.ready.catch(() => null);
  }

  async call<K extends keyof EngineCalls>(
    method: K,
    input: EngineCalls[K]['input'],
    options: CallOptions<EngineCalls[K]['event']> = {},
  ): Promise<EngineCalls[K]['output']> {
    if (this.closedBy !== null) throw this.closedBy;
    // The compiler cannot narrow K by comparing the method's name.
    if (method === 'start') return this.start(input as StartInput, options.signal) as Promise<EngineCalls[K]['output']>;
    const output = await this.send(method, input, options);
    // Nor can it narrow what a method takes and gives.
    if (method === 'prepareBackbone')
      this.notePrepared(input as Input<'prepareBackbone'>, output as Output<'prepareBackbone'>);
    if (method === 'activateBackbone') this.noteActivated(input as Input<'activateBackbone'>);
    return output;
  }

  private notePrepared({ entry }: Input<'prepareBackbone'>, report: Output<'prepareBackbone'>): void {
    this.prepared = { entry, ref: backboneRef(report) };
  }

  private noteActivated({ backbone }: Input<'activateBackbone'>): void {
    if (this.prepared !== null && isSameBackbone(this.prepared.ref, backbone)) this.activated = this.prepared;
  }

  kill(): void {
    if (this.life !== null) this.end(this.life, new RemoteError('worker-crashed', 'The engine was stopped.'));
  }

  close(reason: Error): void {
    this.closedBy = reason;
    this.discard(reason);
    const closed = Promise.reject(reason);
    closed.catch(() => null);
    this.beginWaiting(closed);
    this.ready = closed;
  }

  /** A running engine cannot change its backend: a new life begins, with the same backbone. */
  private async start(input: StartInput, signal: AbortSignal | undefined): Promise<DeviceReport> {
    this.startInput = input;
    this.policy.forget();
    this.stillbornCount = 0;
    this.options.onState({ kind: 'starting' });
    this.discard(new RemoteError('worker-crashed', 'The engine was started anew on another backend.'));
    this.begin();
    const { device } = await orAborted(this.whenReady(), signal);
    if (device === null) throw new RemoteError('worker-crashed', 'The engine did not start.');
    return device;
  }

  private async send<K extends keyof EngineCalls>(
    method: K,
    input: EngineCalls[K]['input'],
    options: CallOptions<EngineCalls[K]['event']>,
  ): Promise<EngineCalls[K]['output']> {
    const life = await orAborted(this.whenReady(), options.signal);
    const output = life.caller.call(method, input, options);
    // Not after a stop: the result is wanted, and scoring what was learnt may keep a slow device silent for longer.
    const cancelled = () => life.heartbeat.cancelled();
    options.signal?.addEventListener('abort', cancelled);
    try {
      return await life.heartbeat.during(output);
    } catch (error) {
      if (isFatal(error)) this.end(life, error);
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', cancelled);
    }
  }

  /**
   * The life to call, after any restart under way. While a cancel has not been heard, new calls wait on this side: if the
   * worker must be killed after all, none of them is lost with it.
   * @throws what kept the engine from starting.
   */
  private async whenReady(): Promise<Life> {
    for (;;) {
      const { ready } = this;
      try {
        const life = await ready;
        await life.heartbeat.allCancelsHeard();
        if (ready === this.ready) return life;
      } catch (error) {
        if (ready === this.ready) throw error;
      }
    }
  }

  private begin(): void {
    const ready = this.live();
    // Those who wait hear of a failure; that nobody waits is no error.
    ready.catch(() => null);
    this.beginWaiting(ready);
    this.ready = ready;
  }

  /** Starts a worker, the backend in it, and the backbone that was active before. */
  private async live(): Promise<Life> {
    const life = this.createLife();
    const { worker } = life;
    this.life = life;
    const crashed = (event: Event) => {
      const detail = event instanceof ErrorEvent && event.message !== '' ? event.message : 'It stopped unexpectedly.';
      this.end(life, new RemoteError('worker-crashed', detail));
    };
    worker.addEventListener('error', crashed);
    worker.addEventListener('messageerror', crashed);
    try {
      const { startInput } = this;
      if (startInput === null) throw new RemoteError('engine-not-started', 'The engine has not been started yet.');
      await this.watchLife(life);
      const device = await life.heartbeat.during(life.caller.call('start', this.policy.nextStart(startInput)));
      life.device = device;
      await life.heartbeat.during(this.restoreBackbone(life));
      this.stillbornCount = 0;
      if (this.life === life) this.options.onState({ kind: 'ready', device });
      void this.watchDevice(life);
      return life;
    } catch (error) {
      if (this.life !== life) throw error;
      if (isFatal(error)) this.end(life, error);
      else this.fail(toError(error));
      throw error;
    }
  }

  private createLife(): Life {
    const worker = this.options.createWorker();
    const caller = createCaller<EngineCalls>(worker);
    const hung = new RemoteError('worker-crashed', 'The engine gave no sign of life any more.');
    const { tickMs } = this.options;
    const heartbeat = new Heartbeat({
      ping: () => caller.ping(),
      onHung: () => this.end(life, hung),
      ...(tickMs === undefined ? {} : { tickMs }),
    });
    worker.addEventListener('message', () => heartbeat.heard());
    const life: Life = { worker, caller, heartbeat, ended: new AbortController(), device: null };
    return life;
  }

  /**
   * A worker that the browser takes away, for want of memory for example, sends no event. But it holds a lock as long
   * as it lives, and whoever waits for that lock hears of its end at once, however long a busy worker keeps silent.
   */
  private async watchLife(life: Life): Promise<void> {
    const lockName = `graft-engine-${crypto.randomUUID()}`;
    try {
      await life.heartbeat.during(life.caller.call('holdLock', { name: lockName }));
    } catch {
      // A life that has ended says so to the next call; without locks only a worker silent at work is noticed.
      return;
    }
    const ended = () => this.end(life, new RemoteError('worker-crashed', 'The browser ended it.'));
    navigator.locks.request(lockName, { signal: life.ended.signal }, ended).catch(() => null);
  }

  /**
   * A backbone that cannot be loaded again, or has other files by now, leaves a working engine without one: calls on it
   * fail with 'backbone-missing'.
   */
  private async restoreBackbone({ caller }: Life): Promise<void> {
    if (this.activated === null) return;
    const { entry, ref } = this.activated;
    try {
      await caller.call('prepareBackbone', { entry });
      await caller.call('activateBackbone', { backbone: ref });
    } catch (error) {
      if (isFatal(error)) throw error;
      await caller.call('discardBackbone', null);
    }
  }

  private async watchDevice(life: Life): Promise<void> {
    try {
      const { reason } = await life.caller.call('watchDevice', null);
      this.end(life, new RemoteError('device-lost', reason));
    } catch {
      // The life has ended otherwise.
    }
  }

  /** Ends a life and begins the next. Does nothing for one that has ended already. */
  private end(life: Life, reason: RemoteError): void {
    if (this.life !== life) return;
    if (reason.code === 'device-lost' && life.device !== null) this.policy.deviceLost(life.device.backend);
    const stillborn = life.device === null;
    this.discard(reason);
    if (stillborn) this.stillbornCount += 1;
    if (this.stillbornCount >= STILLBORN_LIMIT) {
      this.fail(reason);
      return;
    }
    this.options.onState({ kind: 'restarting', reason: reason.message });
    this.begin();
  }

  private discard(reason: Error): void {
    const { life } = this;
    this.life = null;
    life?.ended.abort();
    life?.caller.close(reason);
    life?.worker.terminate();
  }

  /** Nothing is tried again until the next `start`. */
  private fail(error: Error): void {
    this.discard(error);
    this.options.onState({ kind: 'failed', message: error.message });
  }
}

/**
 * Runs the engine in a worker and keeps it running: after a crash, an end without a word, a hang or a lost device another worker is started on
 * the same backend (a backend that lost its device twice is left alone) with the same backbone. The calls in flight reject
 * with 'worker-crashed' or 'device-lost'; later ones wait for the new worker. Nothing starts before the first `start`.
 */
export function createEngineClient(options: EngineClientOptions): EngineClient {
  return new Client(options);
}
