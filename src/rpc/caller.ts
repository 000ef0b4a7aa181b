import { abortError } from './abort-error.ts';
import type { Caller, CallOptions, CallTable, Port } from './calls.ts';
import type { CallerMessage, CallId, ServerMessage } from './messages.ts';
import { RemoteError } from './remote-error.ts';

interface PendingCall {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: ((event: unknown) => void) | undefined;
  /** Takes the listeners off the caller's signals. */
  readonly release: () => void;
}

/** A caller that can also ask whether the other side still turns. */
export interface PortCaller<T extends CallTable<T>> extends Caller<T> {
  /** Resolves once the other side answers; rejects when the port fails or closes. */
  ping(): Promise<void>;
}

function remoteError(code: string, message: string, stack: string): RemoteError {
  const error = new RemoteError(code, message);
  if (stack !== '') error.stack = stack;
  return error;
}

/**
 * The calling side of a port. `error` and `messageerror` on the port reject every call in flight with
 * `RemoteError('worker-crashed')`; so do later calls.
 */
export function createCaller<T extends CallTable<T>>(port: Port): PortCaller<T> {
  const pending = new Map<CallId, PendingCall>();
  let lastId: CallId = 0;
  let closedBy: Error | null = null;
  const post = (message: CallerMessage, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  function take(id: CallId): PendingCall | undefined {
    const call = pending.get(id);
    pending.delete(id);
    call?.release();
    return call;
  }

  function deliver(id: CallId, events: readonly unknown[]): void {
    const onEvent = pending.get(id)?.onEvent;
    if (onEvent === undefined) return;
    for (const event of events) {
      // A listener that cancels its own call wants no more of it.
      if (pending.has(id)) onEvent(event);
    }
  }

  /** Events first, then the end of the call, which comes even when a listener throws. */
  function settle(message: Exclude<ServerMessage, { kind: 'events' | 'beat' }>): void {
    try {
      if (message.kind !== 'pong') deliver(message.id, message.events);
    } finally {
      const call = take(message.id);
      if (message.kind === 'error') call?.reject(remoteError(message.code, message.message, message.stack));
      else call?.resolve(message.kind === 'result' ? message.output : undefined);
    }
  }

  function receive(event: Event): void {
    const message = (event as MessageEvent<ServerMessage>).data;
    if (message.kind === 'beat') return;
    if (message.kind !== 'events') {
      settle(message);
    } else if (pending.has(message.id)) {
      try {
        deliver(message.id, message.events);
      } finally {
        post({ kind: 'acknowledge', id: message.id });
      }
    }
  }

  function close(reason: Error): void {
    if (closedBy !== null) return;
    closedBy = reason;
    port.removeEventListener('message', receive);
    port.removeEventListener('error', crashed);
    port.removeEventListener('messageerror', crashed);
    for (const id of [...pending.keys()]) take(id)?.reject(reason);
  }

  function crashed(event: Event): void {
    const detail = 'message' in event && typeof event.message === 'string' ? `: ${event.message}` : '';
    close(new RemoteError('worker-crashed', `The worker stopped unexpectedly${detail}`));
  }

  function send(message: CallerMessage, options: CallOptions<unknown>): Promise<unknown> {
    const { id } = message;
    const { signal, stopSignal, onEvent, transfer } = options;
    if (closedBy !== null) return Promise.reject(closedBy);
    if (signal?.aborted) return Promise.reject(abortError());
    return new Promise((resolve, reject) => {
      const cancel = () => {
        take(id)?.reject(abortError());
        post({ kind: 'cancel', id });
      };
      const stop = () => post({ kind: 'stop', id });
      const release = () => {
        signal?.removeEventListener('abort', cancel);
        stopSignal?.removeEventListener('abort', stop);
      };
      pending.set(id, { resolve, reject, onEvent, release });
      try {
        post(message, transfer);
      } catch (error) {
        // What cannot be cloned never left; the call fails here and now.
        take(id)?.reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      signal?.addEventListener('abort', cancel);
      if (stopSignal?.aborted) stop();
      else stopSignal?.addEventListener('abort', stop);
    });
  }

  port.addEventListener('message', receive);
  port.addEventListener('error', crashed);
  port.addEventListener('messageerror', crashed);

  return {
    call(method, input, options = {}) {
      lastId += 1;
      // On the wire outputs and events are unknown; the table both sides share says what they are.
      return send({ kind: 'request', id: lastId, method, input }, options as CallOptions<unknown>) as Promise<
        T[typeof method]['output']
      >;
    },
    async ping() {
      lastId += 1;
      await send({ kind: 'ping', id: lastId }, {});
    },
    close,
  };
}
