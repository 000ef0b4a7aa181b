/** Joins class names and leaves out what does not apply; always a string, so it fits strict optional props. */
export function classNames(...names: readonly (string | false | null | undefined)[]): string {
  return names.filter((name) => typeof name === 'string' && name !== '').join(' ');
}
