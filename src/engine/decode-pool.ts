import { createCaller, type PortCaller } from '../rpc/caller.ts';
import type { CallContext, Port } from '../rpc/calls.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { RejectedImage } from './decode.ts';
import type { DecodeCalls, InspectedPicture, PixelWish } from './decode-calls.ts';
import { createDecodeHandlers } from './decode-handlers.ts';
import { Turnstile } from './turnstile.ts';

/** The part of a Worker that the pool needs. */
interface DecodeWorkerPort extends Port {
  terminate(): void;
}

export interface DecodePoolOptions {
  /** Starts a worker that serves `DecodeCalls`. May throw where the browser forbids it. */
  readonly createWorker: () => DecodeWorkerPort;
  /** Workers at most; they start when there is work for them. */
  readonly workerCount: number;
}

interface Member {
  readonly worker: DecodeWorkerPort;
  readonly caller: PortCaller<DecodeCalls>;
  /** Whether the worker has answered: one that never did cannot run here. */
  readonly started: Promise<boolean>;
  jobCount: number;
}

type Method = keyof DecodeCalls;

/** Beyond it decoding is no longer what anything waits for, and every worker may hold 100 MB of open pictures. */
const MAX_WORKERS = 6;

/** All cores but the one the engine needs. */
export function decodeWorkerCount(logicalCoreCount: number): number {
  return Math.min(MAX_WORKERS, Math.max(1, logicalCoreCount - 1));
}

const isCrash = (error: unknown) => error instanceof RemoteError && error.code === 'worker-crashed';

/**
 * Decodes pictures beside the engine, so that its thread only computes.
 *
 * Jobs are sent to the least busy worker at once: while the engine computes it could not send any.
 * When a worker crashes, its pictures are tried again one at a time, each in a worker of its own; the one that
 * crashes that too is rejected as broken and the others are kept. Where no worker starts, this thread decodes.
 */
export class DecodePool {
  private readonly members: Member[] = [];
  private readonly local = createDecodeHandlers();
  private readonly retries = new Turnstile(1);
  private isForbidden = false;

  constructor(private readonly options: DecodePoolOptions) {}

  /**
   * @returns uint8 [side, side, 3] RGB.
   * @throws RejectedImage; DOMException 'AbortError'.
   */
  async decode(file: Blob, wish: PixelWish, signal: AbortSignal): Promise<Uint8Array> {
    const decoded = await this.run('decode', { file, wish }, signal);
    if (decoded.kind === 'rejected') throw new RejectedImage(decoded.reason, decoded.detail);
    return decoded.pixels;
  }

  /**
   * Looks at a file and, with a wish, also prepares its pixels from the same decoding.
   * @throws DOMException 'AbortError'; a bad file is a result.
   */
  async inspect(file: Blob, wish: PixelWish | null, signal: AbortSignal): Promise<InspectedPicture> {
    try {
      return await this.run('inspect', { file, wish }, signal);
    } catch (error) {
      if (!(error instanceof RejectedImage)) throw error;
      return { result: { kind: 'rejected', reason: error.reason, detail: error.detail }, pixels: null };
    }
  }

  /** Ends all workers; calls in flight fail. */
  close(): void {
    for (const member of this.members.splice(0)) end(member);
  }

  private async run<K extends Method>(
    method: K,
    input: DecodeCalls[K]['input'],
    signal: AbortSignal,
  ): Promise<DecodeCalls[K]['output']> {
    const member = this.idlest();
    if (member === null) return this.runHere(method, input, signal);
    try {
      return await runOn(member, method, input, signal);
    } catch (error) {
      if (!isCrash(error)) throw error;
      this.remove(member);
      if (await member.started) return this.retries.pass(() => this.retryAlone(method, input, signal));
      this.isForbidden = true;
      return this.runHere(method, input, signal);
    }
  }

  /** @throws RejectedImage 'broken' when the file crashes a worker that does nothing else. */
  private async retryAlone<K extends Method>(
    method: K,
    input: DecodeCalls[K]['input'],
    signal: AbortSignal,
  ): Promise<DecodeCalls[K]['output']> {
    const member = this.begin();
    if (member === null) return this.runHere(method, input, signal);
    try {
      return await runOn(member, method, input, signal);
    } catch (error) {
      if (!isCrash(error)) throw error;
      throw new RejectedImage('broken', 'The browser fails when it decodes this image.', { cause: error });
    } finally {
      end(member);
    }
  }

  private runHere<K extends Method>(
    method: K,
    input: DecodeCalls[K]['input'],
    signal: AbortSignal,
  ): Promise<DecodeCalls[K]['output']> {
    const context: CallContext<never> = {
      signal,
      stopRequested: () => false,
      emit: () => undefined,
      transfer: () => undefined,
    };
    return this.local[method](input, context);
  }

  /** @returns the worker with the least to do, a new one while all are busy and there may be more; null for none. */
  private idlest(): Member | null {
    const [first, ...others] = this.members;
    const best = others.reduce((least, member) => (member.jobCount < (least?.jobCount ?? 0) ? member : least), first);
    if (best?.jobCount === 0 || this.members.length >= this.options.workerCount) return best ?? null;
    const member = this.begin();
    if (member !== null) this.members.push(member);
    return member ?? best ?? null;
  }

  private begin(): Member | null {
    if (this.isForbidden) return null;
    try {
      const worker = this.options.createWorker();
      // Unhandled here, the error of a helper would count as one of the engine and end it.
      worker.addEventListener('error', (event) => event.preventDefault());
      const caller = createCaller<DecodeCalls>(worker);
      const started = caller.ping().then(
        () => true,
        () => false,
      );
      return { worker, caller, started, jobCount: 0 };
    } catch {
      this.isForbidden = true;
      return null;
    }
  }

  private remove(member: Member): void {
    const index = this.members.indexOf(member);
    if (index >= 0) this.members.splice(index, 1);
    end(member);
  }
}

function end({ caller, worker }: Member): void {
  caller.close(new RemoteError('worker-crashed', 'The decoding worker was ended.'));
  worker.terminate();
}

async function runOn<K extends Method>(
  member: Member,
  method: K,
  input: DecodeCalls[K]['input'],
  signal: AbortSignal,
): Promise<DecodeCalls[K]['output']> {
  member.jobCount += 1;
  try {
    return await member.caller.call(method, input, { signal });
  } finally {
    member.jobCount -= 1;
  }
}
