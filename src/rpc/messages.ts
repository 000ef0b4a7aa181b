/** Names one call on a port; counts up from 1 on the calling side. */
export type CallId = number;

/** From the calling side to the serving side. */
export type CallerMessage =
  | { readonly kind: 'request'; readonly id: CallId; readonly method: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: CallId }
  | { readonly kind: 'stop'; readonly id: CallId }
  /** The last batch of events has been handled; the next may come. */
  | { readonly kind: 'acknowledge'; readonly id: CallId }
  | { readonly kind: 'ping'; readonly id: CallId };

/** From the serving side back. Results and errors carry the events that were still queued, so none comes late or is lost. */
export type ServerMessage =
  | { readonly kind: 'events'; readonly id: CallId; readonly events: readonly unknown[] }
  | { readonly kind: 'result'; readonly id: CallId; readonly events: readonly unknown[]; readonly output: unknown }
  | {
      readonly kind: 'error';
      readonly id: CallId;
      readonly events: readonly unknown[];
      readonly code: string;
      readonly message: string;
      readonly stack: string;
    }
  | { readonly kind: 'pong'; readonly id: CallId }
  /** From inside work that lets no ping in: it still moves. Belongs to no call. */
  | { readonly kind: 'beat' };
