// A safety net: no secret is put into a report on purpose, but Azure's and users' messages are quoted in it.
import { code, text } from './markdown.ts';
import { mapStrings } from './strings.ts';

const MASK = '***';

/** Shorter ones would mask ordinary words; no password that Azure accepts is as short. */
const SHORTEST = 4;

/** The text with every secret replaced, however it was escaped on its way into it. */
export function redact(markdown: string, secrets: readonly string[]): string {
  return forms(secrets).reduce((result, form) => result.replaceAll(form, MASK), markdown);
}

/** The same for every string of a report, before it is drawn or written: cutting then splits no secret. */
export function redactReport<T>(report: T, secrets: readonly string[]): T {
  return mapStrings(report, (string) => redact(string, secrets));
}

/** Longest first, so that a secret inside another one does not leave the rest of it readable. */
function forms(secrets: readonly string[]): string[] {
  const all = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).flatMap(encodings);
  return [...new Set(all)].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

function encodings(secret: string): string[] {
  if (secret.trim().length < SHORTEST) return [];
  return [
    secret,
    text(secret),
    code(secret).replace(/^(?:`|<code>)|(?:`|<\/code>)$/g, ''),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    Buffer.from(secret).toString('base64'),
  ];
}
