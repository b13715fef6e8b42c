/** A name as T-SQL identifier: `[name]`, with `]` doubled. */
export function quoteName(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}
