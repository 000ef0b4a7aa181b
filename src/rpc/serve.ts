import { isAbortError } from './abort-error.ts';
import type { CallContext, CallTable, Handlers, Port } from './calls.ts';
import { EventQueue } from './event-queue.ts';
import type { CallerMessage, CallId, ServerMessage } from './messages.ts';
import { RemoteError } from './remote-error.ts';

interface RunningCall {
  readonly abort: AbortController;
  readonly events: EventQueue;
  stopRequested: boolean;
}

type AnyHandler = (input: unknown, context: CallContext<unknown>) => Promise<unknown>;

function describe(error: unknown): { code: string; message: string; stack: string } {
  if (!(error instanceof Error)) return { code: 'internal', message: String(error), stack: '' };
  const code = error instanceof RemoteError ? error.code : isAbortError(error) ? 'aborted' : 'internal';
  return { code, message: error.message, stack: error.stack ?? '' };
}

/**
 * Answers the calls that arrive at a port.
 * An error that is no `RemoteError` crosses with the code 'internal'; an unknown method with 'unknown-method'.
 *
 * @returns stops listening and aborts what runs.
 */
export function serve<T extends CallTable<T>>(port: Port, handlers: Handlers<T>): () => void {
  const running = new Map<CallId, RunningCall>();
  // The table gives every handler its own types; on the wire all of them are unknown.
  const table = new Map(Object.entries(handlers)) as Map<string, AnyHandler>;
  const post = (message: ServerMessage, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  const fail = (id: CallId, events: readonly unknown[], error: unknown) =>
    post({ kind: 'error', id, events, ...describe(error) });

  async function run(id: CallId, method: string, input: unknown): Promise<void> {
    const handler = table.get(method);
    if (handler === undefined) return fail(id, [], new RemoteError('unknown-method', `No call is named ${method}`));
    const call: RunningCall = {
      abort: new AbortController(),
      events: new EventQueue((events) => post({ kind: 'events', id, events })),
      stopRequested: false,
    };
    running.set(id, call);
    const transfer: Transferable[] = [];
    try {
      const output = await handler(input, {
        signal: call.abort.signal,
        stopRequested: () => call.stopRequested,
        emit: (event) => call.events.push(event),
        transfer: (...items) => void transfer.push(...items),
      });
      // The caller of a cancelled call has gone; its result is not worth a copy.
      if (running.has(id)) post({ kind: 'result', id, events: call.events.drain(), output }, transfer);
    } catch (error) {
      if (running.has(id)) fail(id, call.events.drain(), error);
    } finally {
      running.delete(id);
    }
  }

  function cancel(id: CallId): void {
    const call = running.get(id);
    running.delete(id);
    call?.events.close();
    call?.abort.abort();
  }

  function receive(event: Event): void {
    const message = (event as MessageEvent<CallerMessage>).data;
    const call = running.get(message.id);
    switch (message.kind) {
      case 'request':
        void run(message.id, message.method, message.input);
        break;
      case 'cancel':
        cancel(message.id);
        break;
      case 'acknowledge':
        call?.events.acknowledge();
        break;
      case 'stop':
        if (call !== undefined) call.stopRequested = true;
        break;
      case 'ping':
        post({ kind: 'pong', id: message.id });
        break;
      default:
        message satisfies never;
    }
  }

  port.addEventListener('message', receive);
  return () => {
    port.removeEventListener('message', receive);
    for (const id of [...running.keys()]) cancel(id);
  };
}
