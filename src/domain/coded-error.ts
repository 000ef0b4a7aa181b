/** A failure people are told about; the text is chosen by `code`, see `commands/error-text.ts`. */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  /**
   * @param code short, kebab-case.
   * @param message for developers: what exactly was wrong.
   */
  constructor(
    readonly code: string,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
