/** A failure with a code that survives the crossing between threads. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  /** @param code short, kebab-case; texts for people are chosen by it. */
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
