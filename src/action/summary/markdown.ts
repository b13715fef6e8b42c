// Building blocks of GitHub-flavoured Markdown. Data is escaped by numeric character references and never
// by backslashes: a reference can never act as Markdown structure (CommonMark 2.5), not even in a table
// cell after a backslash. One character of data becomes at most six bytes, which limit.ts counts on.

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** One line of plain text: structure, HTML, mentions, emoji codes and invisible characters made harmless. */
export function text(data: string): string {
  return oneLine(data)
    .replace(/[&<>|\\`*[\]~$@#]/g, reference)
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, reference)
    .replace(/:(?=[a-z+-][\w+-]*:)/gi, reference)
    .replace(/^[-+=]/, reference)
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits: string, mark: string) => digits + reference(mark));
}

/** A name or a command, in code. A backtick span where nothing in it needs escaping, else an element. */
export function code(data: string): string {
  const line = oneLine(data);
  if (line === '') return '';
  if (/^[\x20-\x7e]+$/.test(line) && !/[`|\\<>&$]/.test(line)) return `\`${line}\``;
  return `<code>${text(line)}</code>`;
}

/** A sentence in which what stands between two backticks is code. */
export function prose(data: string): string {
  const parts = oneLine(data).split('`');
  const last = parts.length - 1;
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return spaced(part);
      return index === last ? `&#96;${spaced(part)}` : code(part);
    })
    .join('');
}

/** Words as the sentence they make, with a capital and a full stop; empty where there are none. */
export function sentence(words: string): string {
  const line = oneLine(words).replace(/\.$/, '');
  return line === '' ? '' : `${prose(line.charAt(0).toUpperCase() + line.slice(1))}.`;
}

/** Sentences below each other in one table cell; what comes after the first few is folded. */
export function lines(data: readonly string[], visible = 3): string {
  const all = data.map(prose).filter((line) => line !== '');
  const shown = all.slice(0, visible).join('<br>');
  const rest = all.slice(visible);
  if (rest.length === 0) return shown;
  return `${shown}<details><summary>${count(rest.length, 'more line')}</summary>${rest.join('<br>')}</details>`;
}

/** A message's first line, and those below it that say something. */
export function messageLines(message: string): [first: string, ...rest: string[]] {
  const [first = '', ...rest] = message
    .split(/\r\n|[\n\r]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [first, ...rest];
}

/** A table. Cells are Markdown already: made by the functions above. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const rule = columns.map((column) => (column.align === 'right' ? '--:' : '---'));
  const head = columns.map((column) => column.title);
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Text of several lines, as it is, in a box; one line of source, so that nothing in it can end it. */
export function block(data: string): string {
  const escaped = data
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => visible(line).replace(/[&<>|\\`*_[\]~$@#]/g, reference))
    .join('&#10;');
  return `<pre><code>${escaped}</code></pre>`;
}

/** A folded part. The title is Markdown-free text or made by `text`. */
export function details(title: string, body: string, open = false): string {
  return `<details${open ? ' open' : ''}>\n<summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Parts below each other; empty ones are left out. */
export function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** "1 step", "3 steps". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** On one line, without characters that are not seen but change what is. */
export function oneLine(data: string): string {
  return visible(data).replace(/\s+/g, ' ').trim();
}

/** Control characters become spaces; bidirectional overrides, which make text read otherwise, are dropped. */
function visible(data: string): string {
  return data
    .toWellFormed()
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/\p{Cc}/gu, ' ');
}

/** `text` without the trimming, for a part in the middle of a sentence. */
function spaced(part: string): string {
  const inner = text(part);
  if (inner === '') return part === '' ? '' : ' ';
  return `${part.startsWith(' ') ? ' ' : ''}${inner}${part.endsWith(' ') ? ' ' : ''}`;
}

function reference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
