// The line that ends a batch: GO, alone, perhaps with a count and a comment. What looks like it and is
// not would be sent to SQL Server, which reads it as an alias or a procedure's name; so it is told instead.

export type Separator =
  | { readonly kind: 'separator'; readonly repeat: number }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string };

/** sqltoolsservice (SSMS) keeps the count in a 32-bit integer. */
const MOST_REPEATS = 2_147_483_647;

export const ALONE =
  'Write GO alone on its line, or `GO n` to run the batch n times. Where go is a name, write [go].';

/** Reads a line whose first word is GO; its `$(…)` are already replaced. */
export function parseSeparator(line: string): Separator {
  const rest = /^[ \t]*go(.*)$/is.exec(line)?.[1];
  if (rest === undefined || !/^(?:\s|$)/.test(rest) || /^[^\S \t\r]/.test(rest)) return nearMiss(line);
  const match = /^(\d+)?[ \t]*(?:--.*)?$/s.exec(rest.trim());
  if (match === null) return nearMiss(line);
  const repeat = Number(match[1] ?? '1');
  if (repeat >= 1 && repeat <= MOST_REPEATS) return { kind: 'separator', repeat };
  const message = `\`${line.trim()}\`: the count is from 1 to ${MOST_REPEATS}`;
  return { kind: 'refused', message, advice: ALONE };
}

function nearMiss(line: string): Separator {
  const visible = line.trimEnd().replace(/[^\S \t\r\n]/g, (blank) => `<U+${codePoint(blank)}>`);
  return { kind: 'refused', message: `\`${visible.trim()}\` does not end a batch in sqlcmd`, advice: ALONE };
}

function codePoint(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}
