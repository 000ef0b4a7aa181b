/** The error a cancelled call rejects with; `name` is 'AbortError' as everywhere on the web. */
export function abortError(message = 'The call was cancelled'): DOMException {
  return new DOMException(message, 'AbortError');
}

/** True for the error of a cancelled call, whoever made it. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/**
 * Leaves a loop once its caller has cancelled.
 * @throws DOMException named 'AbortError'.
 */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortError();
}
