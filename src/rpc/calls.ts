/** A table of calls: input, streamed event and output of each, side by side. */
export type CallTable<T> = { [K in keyof T]: { input: unknown; event: unknown; output: unknown } };

/** The part of Worker, MessagePort and DedicatedWorkerGlobalScope that rpc needs. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: Event) => void): void;
  removeEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: Event) => void): void;
}

export interface CallOptions<Event> {
  /** Cancel: the caller rejects at once with an AbortError; the handler's signal aborts. */
  readonly signal?: AbortSignal;
  /** Stop: the handler is asked to finish early and resolve with what it has. */
  readonly stopSignal?: AbortSignal;
  readonly onEvent?: (event: Event) => void;
  readonly transfer?: Transferable[];
}

/** The calling side. */
export interface Caller<T extends CallTable<T>> {
  call<K extends keyof T & string>(
    method: K,
    input: T[K]['input'],
    options?: CallOptions<T[K]['event']>,
  ): Promise<T[K]['output']>;
  /** Rejects every call in flight with `reason` and every later one too. */
  close(reason: Error): void;
}

/** What a handler gets beside its input. */
export interface CallContext<Event> {
  readonly signal: AbortSignal;
  /** True once the caller asked to stop. */
  readonly stopRequested: () => boolean;
  /** Queued, batched and paced by the caller's acknowledgements; none is lost. */
  readonly emit: (event: Event) => void;
  /** Marks buffers of the output to be moved instead of copied. */
  readonly transfer: (...items: Transferable[]) => void;
}

export type Handlers<T extends CallTable<T>> = {
  [K in keyof T]: (input: T[K]['input'], context: CallContext<T[K]['event']>) => Promise<T[K]['output']>;
};
